// A grid whose pictures open the post in a dialog, with arrows to the next and the previous one, and the address bar following.
(() => {
  const { C, S, $, ask, build } = window.FEED;
  if (C.mode !== 'grid') return;
  const list = $(S.list), end = $(S.end), start = location.pathname + location.search;
  let next = C.batch, busy = false, over = false, dialog = null, current = null;

  const near = () => document.documentElement.scrollHeight - scrollY - innerHeight < 700;
  async function load() {
    if (busy || over) return;
    busy = true;
    const r = await ask('batch', { from: next, load: C.load });
    r.items.forEach(h => list.append(...build(h)));
    next = r.next;
    over = !r.more;
    busy = false;
    if (over && end) end.classList.add('over');
    else if (near()) load();
  }
  addEventListener('scroll', () => near() && load(), { passive: true });
  new IntersectionObserver(es => es.some(e => e.isIntersecting) && load(), { rootMargin: '300px' }).observe(end);

  const close = () => { if (dialog) dialog.remove(); dialog = null; document.body.style.overflow = ''; history.replaceState(null, '', start); };
  const show = async id => {
    current = id;
    const r = await ask('post', { id });
    if (current !== id) return;
    if (!dialog) {
      dialog = build($('template.shell').innerHTML)[0];
      dialog.addEventListener('click', e => {
        if (e.target === dialog || e.target.closest('.' + C.sel.closeName)) close();
        const go = e.target.closest('.' + C.sel.goName);
        if (go && go.dataset.to) show(go.dataset.to);
      });
      document.body.append(dialog);
      document.body.style.overflow = 'hidden';
    }
    $('.' + C.sel.holdName, dialog).replaceChildren(...build(r.items[0]));
    dialog.querySelectorAll('.' + C.sel.goName).forEach(b => { b.dataset.to = b.dataset.way === 'next' ? r.next : r.prev; b.hidden = !b.dataset.to; });
    history.pushState(null, '', $(S.post, dialog).dataset.at);
  };
  list.addEventListener('click', e => {
    const cell = e.target.closest('a');
    if (!cell) return;
    e.preventDefault();
    e.stopPropagation();
    show(cell.getAttribute(S.key));
  });
  addEventListener('keydown', e => {
    if (!dialog) return;
    if (e.key === 'Escape') close();
    const way = { ArrowRight: 'next', ArrowLeft: 'prev' }[e.key];
    if (way) { const b = dialog.querySelector(`[data-way=${way}]`); if (b && b.dataset.to) show(b.dataset.to); }
  });
  addEventListener('popstate', () => dialog && close());
})();
