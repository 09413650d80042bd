/* What a screen must be for those who use it with a keyboard or have it read to them. */
(() => {
  // What fades in would be looked at half-way.
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
  document.adoptedStyleSheets = [still];

  const NATIVE = 'a[href], area[href], button, input, select, textarea, summary, iframe, audio[controls], video[controls]';
  const ROLES = ['button', 'link', 'checkbox', 'radio', 'switch', 'slider', 'combobox', 'textbox', 'tab', 'menuitem', 'option'];
  const INTERACTIVE = `${NATIVE}, [tabindex], [contenteditable=true], ${ROLES.map((role) => `[role=${role}]`).join(', ')}`;
  // One Tab stop for all of them: the arrows lead from one to the next.
  const COMPOSITE = '[role=listbox], [role=radiogroup], [role=tablist], [role=menu], [role=grid], [role=tree]';

  const dialog = () => [...document.querySelectorAll('dialog')].filter((one) => one.matches(':modal')).at(-1);
  const name = (element) => {
    const said = element.getAttribute('data-testid') || element.getAttribute('aria-label') || element.innerText || element.value || '';
    return `<${element.localName}> ${String(said).trim().slice(0, 50)}`;
  };
  const usable = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.getClientRects().length > 0 &&
    !element.matches(':disabled') &&
    !element.closest('[inert], [aria-hidden=true]') &&
    (!dialog() || dialog().contains(element));
  const handlers = (element) => {
    const key = Object.keys(element).find((one) => one.startsWith('__reactProps$'));
    return key ? element[key] : {};
  };
  const inGroup = (element) => element.type === 'radio' || (element.closest(COMPOSITE) && !element.matches(COMPOSITE));

  /** What Tab must reach: all that can be used, and one of each group. */
  const wanted = () =>
    [...document.querySelectorAll(INTERACTIVE)].filter((element) => {
      if (!usable(element) || element.tabIndex < 0) return false;
      if (element.type !== 'radio') return true;
      const group = [...document.getElementsByName(element.name)].filter(usable);
      const checked = group.find((one) => one.checked);
      return checked ? checked === element : false;
    });

  /** What is wrong without pressing anything. */
  const misbuilt = () => {
    const found = [];
    for (const element of document.body.querySelectorAll('*')) {
      if (!usable(element)) continue;
      if (element.tabIndex > 0) found.push(`${name(element)}: tabindex ${element.tabIndex}`);
      const interactive = element.matches(INTERACTIVE) && !element.matches('[tabindex="-1"]:not(a, button, input, select, textarea)');
      if (interactive && element.tabIndex < 0 && !inGroup(element)) found.push(`${name(element)}: out of Tab's way`);
      const clicked = handlers(element).onClick;
      // Around something that can be focused a click is only a larger target.
      const around = element.matches('label, dialog') || element.querySelector(NATIVE);
      if (clicked && element.tabIndex < 0 && !around && !inGroup(element))
        found.push(`${name(element)}: can be clicked and not focused`);
    }
    return found;
  };

  const SHOWN = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'backgroundColor', 'textDecorationLine'];
  const near = (element) => [element, element.nextElementSibling, element.parentElement, element.closest('label, .mantine-Input-input')].filter(Boolean);
  const looks = (element) =>
    near(element)
      .map((one) => SHOWN.map((what) => getComputedStyle(one)[what]).join())
      .join(';');

  const MOST_PARTS = 20;
  let resting = new Map();
  let seen = [];
  window.looking = {
    /** What axe finds wrong once the page has this colour scheme; by some of its rules only, or by all. */
    async axe(scheme, rules) {
      while (document.documentElement.dataset.mantineColorScheme !== scheme) await new Promise(requestAnimationFrame);
      const some = rules ? { runOnly: { type: 'rule', values: rules } } : {};
      const { violations } = await axe.run(document, { resultTypes: ['violations'], preload: false, ...some });
      const told = ({ html, any }) => `${html.slice(0, 160)} | ${any[0]?.message ?? ''}`;
      return violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 6).map(told) }));
    },
    misbuilt,
    begin() {
      document.activeElement?.blur();
      seen = [];
      resting = new Map(wanted().map((element) => [element, looks(element)]));
      return resting.size;
    },
    /** Notes where the last Tab led; false when it has been all the way round, or goes nowhere. */
    step() {
      const element = document.activeElement;
      const place = !element || element.matches('dialog') ? document.body : element;
      const before = seen.filter((one) => one.element === place).length;
      const stays = seen.at(-1)?.element === place;
      // Those draw it inside, where nobody else can look.
      const draws = place.matches('video, audio, iframe');
      seen.push({ element: place, shown: draws || !resting.has(place) || resting.get(place) !== looks(place) });
      // Parts of one element, as a date's day and month, are several stops.
      // A list that closes when it is left leads to nowhere once.
      return before === 0 || (stays && before < MOST_PARTS) || (place === document.body && before < 3);
    },
    missed() {
      const reached = new Set(seen.map((one) => one.element));
      const found = [...resting.keys()]
        .filter((element) => element.isConnected && usable(element) && !reached.has(element))
        .map((element) => `${name(element)}: Tab does not lead there`);
      for (const { element, shown } of seen) if (!shown) found.push(`${name(element)}: one does not see that it has the focus`);
      if (seen.filter((one) => one.element === seen.at(-1)?.element).length > MOST_PARTS) found.push(`${name(seen.at(-1).element)}: Tab does not lead away`);
      return [...new Set(found)];
    },
  };
})();
