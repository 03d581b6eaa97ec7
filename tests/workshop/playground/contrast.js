// Texts whose contrast is below WCAG 2.2, 1.4.3: 4.5, or 3 for large ones.
(() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((one, n) => one * a + under[n] * (1 - a));
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    const above = [];
    for (let at = one; at; at = at.parentElement) above.unshift(parse(getComputedStyle(at).backgroundColor));
    const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
    return above.reduce((under, colour) => over(colour, under), canvas);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = [];
  let count = 0;
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (one.closest("svg, textarea, option, .unseen, noscript, script")) continue;
    const style = getComputedStyle(one);
    const under = ground(one);
    const pair = [luminance(over(parse(style.color), under)), luminance(under)].sort((x, y) => y - x);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    count += 1;
    if (ratio < 4.5) weak.push(`${one.tagName}.${one.className} ${one.textContent.slice(0, 30)} ${style.color} on ${under} ${ratio.toFixed(2)}`);
  }
  return count > 100 ? [...new Set(weak)] : [`only ${count} texts`];
})()
