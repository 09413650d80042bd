import { createTheme, DEFAULT_THEME, type MantineColorsTuple } from '@mantine/core';
import { common } from '../text/common';

/** The one accent colour; white words can be read on its filled shades (6 in the dark, 7). */
const viva: MantineColorsTuple = [
  '#e8f7f6',
  '#d3ecea',
  '#a5d9d5',
  '#73c5bf',
  '#4bb4ad',
  '#32a9a1',
  '#12847d',
  '#0c7b75',
  '#046862',
  '#00544f',
];

/** Dark surfaces with a little blue, so that they do not look like switched-off pixels. */
const dark: MantineColorsTuple = [
  '#d5dade',
  '#b3bac1',
  '#929ba4',
  '#66717c',
  '#46505a',
  '#343d46',
  '#283038',
  '#1b2127',
  '#141a1f',
  '#0e1215',
];

/** The library's red, with filled shades dark enough for white words. */
const red = DEFAULT_THEME.colors.red.map((shade, index) => ({ 6: '#e03131', 7: '#d62c2c' })[index] ?? shade) as unknown as MantineColorsTuple;

export const theme = createTheme({
  primaryColor: 'viva',
  primaryShade: { light: 7, dark: 6 },
  colors: { viva, dark, red },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '16px', lg: '20px', xl: '28px' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '28px', lineHeight: '1.25' },
      h2: { fontSize: '20px', lineHeight: '1.35' },
      h3: { fontSize: '16px', lineHeight: '1.5' },
    },
  },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '40px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The library leaves it out of Tab's way; who types by keyboard wants to see what they typed too.
    PasswordInput: { defaultProps: { visibilityToggleFocusable: true, visibilityToggleButtonProps: { 'aria-label': common.showPassword } } },
  },
});
