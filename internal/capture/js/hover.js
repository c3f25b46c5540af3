// Times that a page only tells when a pointer rests on them.
(() => {
  'use strict';
  const A = arsring;
  const at = (el) => { const r = el.getBoundingClientRect(); return { clientX: r.left + r.width / 2, clientY: r.top + r.height / 2 }; };
  const send = (el, types, point) => { for (const t of types) el.dispatchEvent(new (t.startsWith('pointer') ? PointerEvent : t.startsWith('focus') ? FocusEvent : MouseEvent)(t, { bubbles: !/enter|leave|^focus$|^blur$/.test(t), composed: true, cancelable: true, view: window, ...point })); };

  const tips = (el) => {
    const out = [];
    for (let e = el, i = 0; e && i < 4; i++, e = e.parentElement) {
      const by = e.getAttribute('aria-describedby');
      if (by) for (const id of by.split(/\s+/)) { const d = document.getElementById(id) || (e.getRootNode().getElementById && e.getRootNode().getElementById(id)); if (d) out.push(d.textContent); }
      for (const k of ['title', 'aria-label', 'data-tooltip']) { const v = e.getAttribute(k); if (v) out.push(v); }
    }
    for (const d of A.all('[role=tooltip],[class*=tooltip i],[data-popper-placement]')) if (A.visible(d)) out.push(d.textContent);
    return out.map(A.clean).filter((t) => t && t.length < 120 && /\d/.test(t));
  };
  // newcomers gives the texts of small layers that come up near a mark, whatever they are called; end stops it.
  const newcomers = (m) => {
    const met = new Set();
    const o = new MutationObserver((list) => { for (const r of list) for (const e of r.type === 'childList' ? r.addedNodes : [r.target]) if (e.nodeType === 1 && !e.contains(m)) met.add(e); });
    o.observe(document.body, { childList: true, subtree: true, attributeFilter: ['class', 'style', 'hidden'] });
    const texts = () => Array.from(met).filter((e) => e.isConnected && e.textContent.length < 120 && /absolute|fixed/.test(A.css(e).position) && A.visible(e)).map((e) => A.clean(e.innerText)).filter((t) => A.looksLikeTime(t));
    return { texts, end: () => o.disconnect() };
  };
  // hover rests on marks given by number, one after the other, and gives the tips that came up. It stops asking when three in a row said nothing.
  A.hover = async (is, each) => {
    const out = {};
    let silent = 0;
    for (const i of is) {
      const m = A.marked[i];
      if (!m || !m.isConnected || A.hoverless >= 3) continue;
      const inner = m.querySelector('*') || m, a = m.closest('a') || m, point = at(inner);
      const before = new Set(tips(m));
      const layers = newcomers(m), fresh = () => [...tips(m).filter((t) => !before.has(t)), ...layers.texts()];
      send(inner, ['pointerover', 'mouseover'], point);
      send(a, ['pointerenter', 'mouseenter', 'mousemove'], point);
      let found = fresh();
      const end = performance.now() + each;
      while (!found.length && performance.now() < end) { await new Promise((r) => setTimeout(r, 3)); found = fresh(); }
      if (!found.length && silent < 2) { send(a, ['focus', 'focusin'], {}); const e2 = performance.now() + each / 2; while (!found.length && performance.now() < e2) { await new Promise((r) => setTimeout(r, 5)); found = fresh(); } }
      send(inner, ['pointerout', 'mouseout'], point);
      send(a, ['pointerleave', 'mouseleave', 'blur', 'focusout'], point);
      layers.end();
      if (found.length) { out[i] = found; silent = 0; A.hoverless = -1000000; } else if (++silent >= 3) { A.hoverless++; break; }
    }
    send(document.body, ['pointerover', 'mouseover', 'mousemove'], { clientX: 1, clientY: 1 }); // some tips stay until something else is met
    return out;
  };
  A.hoverless = 0;
  // restBelow rests on what comes after the last post, where a button for more may only then appear, and tells whether one did.
  A.restBelow = async () => {
    const items = A.find(), last = items[items.length - 1];
    if (!last) return false;
    const after = A.below(items), end = last.getBoundingClientRect().bottom;
    const near = A.all('div,section,p,span,li').filter((el) => after(el) && !el.closest('nav,aside,footer,form,a,[role=dialog],dialog') && A.visible(el) && el.getBoundingClientRect().height > 3 && el.getBoundingClientRect().top < end + 800).slice(0, 20);
    for (const el of near) send(el, ['pointerover', 'mouseover', 'pointerenter', 'mouseenter', 'mousemove'], at(el));
    await new Promise((r) => setTimeout(r, 150));
    if (A.outlook().more) return true;
    for (const el of near) send(el, ['pointerout', 'mouseout', 'pointerleave', 'mouseleave'], at(el));
    return false;
  };
})();
