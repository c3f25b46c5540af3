// Posts that carry only a clock, under headings that give the day, as conversations are shown.
(() => {
  'use strict';
  const A = arsring;
  const clock = /^(?:kl\.?\s*)?(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?[ap]\.?m\.?)?$/i;
  const hasClock = /\d[:.]\d\d\s*(?:[ap]\.?m\.?)?$|kl\.?\s*\d/i;
  const week = /^(?:(?:mån|tis|ons|tors|fre|lör|sön|man|tirs|lør|søn)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)),?\s+/i;
  const whole = new WeakMap(), heads = new WeakSet();
  let counted = -1;

  // dayOf is the day and the clock of an element that shows only the clock; '' for all others.
  A.dayOf = (el) => whole.get(el) || '';
  // isDay tells a heading that gives the day of what follows it.
  A.isDay = (el) => heads.has(el);
  const alone = (el) => { for (let e = el, i = 0; e && i < 4; e = e.parentElement, i++) { if (A.clean(e.textContent) !== A.clean(el.textContent)) return false; if (!/^(?:inline|contents)/.test(A.css(e).display)) return true; } return false; };
  // weekday tells the name of a day that heads what follows: one among hours of opening is none.
  const weekday = (el, s) => /^\p{L}+$/u.test(s) && A.looksLikeTime(s + ' 12:00') && (!!el.closest('h2,h3,h4,h5,h6,[role=heading],[role=separator]') || A.css(el).textAlign === 'center') && !el.closest('table,dl');
  // findDays looks through the document for such headings, and again when it has grown.
  A.findDays = () => {
    const n = document.getElementsByTagName('*').length;
    if (n === counted) return;
    counted = n;
    const w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let head = null, text = '';
    const found = [], under = new Set();
    for (let k = 0, t = w.nextNode(); t && k < 200000; t = w.nextNode(), k++) {
      const el = t.parentElement;
      if (!el || t.data.length > 60 || !/[\d\p{L}]/u.test(t.data)) continue;
      const s = A.clean(t.data);
      if (clock.test(s)) { if (head && A.clean(el.textContent) === s && !el.closest('button,nav,h1')) { found.push([el, text + ' kl. ' + s.replace(/^kl\.?\s*/i, '')]); under.add(head); } continue; }
      if (hasClock.test(s) || el.closest('a[href],button,nav,h1,[datetime]') || !(A.looksLikeTime(s.replace(week, '')) || weekday(el, s)) || !alone(el) || /^\d+\s?\p{L}{1,3}$/u.test(s)) continue;
      head = el; text = s.replace(week, '');
    }
    if (found.length < 2) return;
    for (const [el, s] of found) whole.set(el, s);
    for (const h of under) heads.add(h);
  };
})();
