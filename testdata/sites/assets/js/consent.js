// The consent dialog: locks the page's scrolling until a choice is made, tells the server which, and remembers it in a cookie.
(() => {
  const base = window.SITE.base, framed = window.parent !== window && /_\/consent$/.test(location.pathname);
  const host = document.getElementById('consent-root'), frame = document.getElementById('consent-frame');
  const parts = () => [...document.querySelectorAll('.ck-underlay, .ck-a, .ck-b, .ck-c, .ck-frame, #consent-root')];
  const unlock = () => { parts().forEach(p => p.remove()); document.documentElement.classList.remove('ck-lock'); document.body.style.overflow = ''; };
  const choose = choice => {
    if (choice === 'settings-open') {
      const first = document.querySelector('.ck-c-first'), second = document.querySelector('.ck-c-second');
      if (second) { first.hidden = true; second.hidden = false; }
      return;
    }
    fetch(`${base}/consent?choice=${choice}`, { method: 'POST', keepalive: true });
    if (framed) { parent.postMessage({ consent: choice }, '*'); return; }
    document.cookie = `consent=${choice}; path=${base}; max-age=86400`;
    unlock();
  };
  const listen = root => root.addEventListener('click', e => {
    const el = e.target.closest('[data-choice]');
    if (el) { e.preventDefault(); choose(el.dataset.choice); }
  });
  listen(document);
  if (host && host.shadowRoot) listen(host.shadowRoot);
  if (framed) return;
  if (/consent=/.test(document.cookie)) { unlock(); return; }
  document.documentElement.classList.add('ck-lock');
  document.body.style.overflow = 'hidden';
  if (frame) addEventListener('message', e => { if (e.data && e.data.consent) { document.cookie = `consent=${e.data.consent}; path=${base}`; unlock(); } });
})();
