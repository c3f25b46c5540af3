// Absolute times that only a pointer resting on the short one brings up.
(() => {
  const { S, home, ask } = window.FEED;
  let tip = null, on = null;
  const drop = () => { if (tip) tip.remove(); if (on) on.removeAttribute('aria-describedby'); tip = on = null; };
  const show = async e => {
    const el = e.target.closest && e.target.closest(S.when);
    if (!el || !el.dataset.hover || el === on) return;
    drop();
    on = el;
    const post = el.closest(S.talk) || el.closest(S.post);
    const r = await ask('when', { id: el.dataset.hover, post: post ? post.getAttribute(S.key) : el.dataset.hover });
    if (on !== el) return;
    tip = document.createElement('div');
    tip.className = 'tip';
    tip.id = 'tip';
    tip.setAttribute('role', 'tooltip');
    tip.textContent = r.items[0];
    const at = el.getBoundingClientRect();
    tip.style.left = `${at.left + scrollX}px`;
    tip.style.top = `${at.bottom + scrollY + 6}px`;
    el.setAttribute('aria-describedby', 'tip');
    document.body.append(tip);
  };
  home.addEventListener('mouseover', show);
  home.addEventListener('focusin', show);
  home.addEventListener('mouseout', e => { if (on && !on.contains(e.relatedTarget)) drop(); });
  home.addEventListener('focusout', drop);
})();
