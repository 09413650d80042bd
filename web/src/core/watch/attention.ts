/** Where the person's attention can be seen to be: on the page, in another window, or in another tab. */
export type Attention = 'here' | 'other_window' | 'other_tab';

/** Where the attention is, from what the browser says of the page; a hidden page has lost its focus too, and counts once. */
export const attentionOf = (page: { hidden: boolean; focused: boolean }): Attention =>
  page.hidden ? 'other_tab' : page.focused ? 'here' : 'other_window';
