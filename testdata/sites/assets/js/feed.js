// What the pages do in the browser: batches while scrolling, comments behind buttons, folded texts, and the odd behaviour that a site is
// about. Everything is found by class names given in SITE.sel, so that the same script drives pages with other names.
(() => {
  const C = window.SITE;
  const S = C.sel;
  const home = C.shadow ? document.querySelector('feed-host').shadowRoot : document;
  const $ = (sel, from) => (from || home).querySelector(sel);
  const all = (sel, from) => [...(from || home).querySelectorAll(sel)];
  const keyOf = el => el && el.getAttribute(S.key);
  const ask = async (what, params) => {
    const r = await fetch(`${C.base}/_/${what}?${C.q}&${new URLSearchParams(params || {})}`);
    if (!r.ok) throw new Error(String(r.status));
    return r.json();
  };
  const build = html => { const t = document.createElement('template'); t.innerHTML = html.trim(); return [...t.content.children]; };
  const SITE = { C, S, home, $, all, ask, build, keyOf };
  window.FEED = SITE;

  // dress gives new elements what markup alone cannot: lazy pictures, shadow roots.
  const seen = C.lazy === 'script' && new IntersectionObserver(list => list.forEach(e => {
    if (!e.isIntersecting) return;
    e.target.src = e.target.dataset.src;
    e.target.removeAttribute('data-src');
    seen.unobserve(e.target);
  }), { rootMargin: '150px' });
  // Markup that comes later brings its shadow roots as templates.
  const root = t => { const host = t.parentElement; host.attachShadow({ mode: 'open' }).append(t.content); t.remove(); };
  SITE.dress = els => { els.forEach(el => all('template[shadowrootmode]', el).forEach(root)); if (seen) els.forEach(el => all(S.lazy, el).forEach(i => seen.observe(i))); return els; };

  // Clicks.
  const press = el => {
    const on = el.closest(S.post);
    fetch(`${C.base}/pressed?${new URLSearchParams({ what: el.getAttribute('aria-label') || el.textContent.trim(), on: keyOf(on) || '' })}`, { method: 'POST' });
    el.classList.toggle('on');
  };
  const unfold = async el => {
    const owner = el.closest(`${S.comment}, ${S.post}`);
    const post = keyOf(el.closest(S.post) || el.closest(S.talk));
    const r = await ask('more', { id: keyOf(owner), post });
    el.closest(S.text).innerHTML = r.items[0];
  };
  const openTalk = async (el, sort) => {
    const talk = $(S.talk, el.closest(S.post)), list = $(S.comments, talk);
    if (talk.dataset.busy || (!sort && talk.dataset.left === '0')) return;
    talk.dataset.busy = 1;
    talk.hidden = false;
    if (sort) { talk.dataset.sort = sort; list.replaceChildren(); }
    const from = all(S.comment, list).filter(n => !n.parentElement.closest(S.comment)).length;
    const r = await ask('comments', { id: keyOf(talk), from, sort: talk.dataset.sort || '' });
    r.items.forEach(h => list.append(...SITE.dress(build(h))));
    const button = $(S.open, talk);
    if (button) button.hidden = r.left === 0;
    delete talk.dataset.busy;
    talk.dataset.left = r.left;
  };
  const openReplies = async el => {
    const c = el.closest(S.comment);
    if (el.dataset.busy) return;
    el.dataset.busy = 1;
    const r = await ask('replies', { id: keyOf(c), post: keyOf(el.closest(S.talk)), depth: c.dataset.depth || 0 });
    const sub = all(S.sub, c).find(s => s.closest(S.comment) === c);
    r.items.forEach(h => sub.append(...SITE.dress(build(h))));
    el.remove();
  };
  const sortMenu = el => {
    const old = document.querySelector('.sort-menu');
    if (old) { old.remove(); return; }
    const menu = build($('template.sort', document).innerHTML)[0], at = el.getBoundingClientRect();
    menu.style.cssText += `;position:absolute;left:${at.left + scrollX}px;top:${at.bottom + scrollY + 4}px`;
    el.setAttribute('aria-expanded', 'true');
    menu.addEventListener('click', e => {
      const item = e.target.closest(S.sortItem);
      if (!item) return;
      menu.remove();
      el.setAttribute('aria-expanded', 'false');
      (el.querySelector('span') || el).textContent = item.dataset.label;
      openTalk(el, item.dataset.sort);
    });
    document.body.append(menu);
  };
  const reveal = el => {
    all(S.hidden, el.closest(S.text)).forEach(h => { h.hidden = false; });
    el.setAttribute('aria-expanded', 'true');
    el.textContent = el.dataset.less || 'Visa mindre';
    el.classList.add('opened');
  };
  // A cover over pictures goes without the text's warning, and the other way round.
  const uncover = el => { all(S.hidden, el.parentElement).forEach(h => { h.hidden = false; }); el.remove(); };
  const slide = (el, step) => {
    const box = el.closest(S.slides), pics = all('.slide', box), at = pics.findIndex(p => !p.hidden);
    const to = Math.min(Math.max(at + step, 0), pics.length - 1);
    pics.forEach((p, i) => { p.hidden = i !== to; });
    $(S.next, box).hidden = to === pics.length - 1;
    $(S.prev, box).hidden = to === 0;
  };
  // Comments that come by themselves when the reader gets to them.
  const autos = new IntersectionObserver(es => es.forEach(async e => {
    if (!e.isIntersecting) return;
    autos.unobserve(e.target);
    await openTalk(e.target);
    if (!e.target.hidden) autos.observe(e.target);
  }));
  all(S.auto).forEach(el => autos.observe(el));
  const acts = [[S.more, unfold], [S.open, openTalk], [S.replies, openReplies], [S.sort, sortMenu], [S.bad, press], [S.reveal, reveal], [S.cover, uncover],
    [S.next, el => slide(el, 1)], [S.prev, el => slide(el, -1)], [S.load, () => SITE.load && SITE.load()]];
  home.addEventListener('click', e => {
    for (const [sel, act] of acts) {
      const el = e.target.closest && e.target.closest(sel);
      if (el) { e.preventDefault(); act(el); return; }
    }
    const open = document.querySelector('.sort-menu');
    if (open && !open.contains(e.target)) open.remove();
  });
  home.addEventListener('submit', e => { if (e.target.closest(S.post)) { e.preventDefault(); press(e.target); } });
  home.addEventListener('keydown', e => { if ((e.key === 'Enter' || e.key === ' ') && e.target.matches('[role=button]')) { e.preventDefault(); e.target.click(); } });
})();
