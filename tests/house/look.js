/* What is wrong with a screen to the eye; put into a page beside axe. */
(() => {
  // What fades in would be looked at half-way.
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
  document.adoptedStyleSheets = [still];

  /** Once the page has this colour scheme: whether it is too wide, and what axe finds by some rules or (null) by all. */
  window.look = async (scheme, rules, impacts) => {
    while (document.documentElement.dataset.mantineColorScheme !== scheme) await new Promise(requestAnimationFrame);
    const found = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`${scrollWidth} px wide`);
    if (rules?.length === 0) return found;
    const some = rules ? { runOnly: { type: 'rule', values: rules } } : {};
    const { violations } = await axe.run(document, { resultTypes: ['violations'], preload: false, ...some });
    for (const { id, impact, nodes } of violations)
      if (impacts.includes(impact)) for (const { html, any } of nodes.slice(0, 6)) found.push(`${id}: ${html.slice(0, 160)} | ${any[0]?.message ?? ''}`);
    return found;
  };
})();
