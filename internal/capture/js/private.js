// What a logged-in page shows that is nobody's public document: inboxes, chats, notifications, statistics. Such parts are taken out of the page
// before it is looked at, and as they come. They are known by what every platform shares: roles and their names, and where links lead.
(() => {
  'use strict';
  const A = arsring;
  const what = [
    ['messages', /^(?:chatt?(?:ar|en)?|chats?|direktmeddelanden|direct messages?|meddelanden|messages?|messenger|messaging|inkorg(?:en)?|inbox|konversation(?:er)?|conversations?|meldinger|beskeder|viestit|keskustelut|nachrichten|posteingang)(?![\p{L}\d-])/iu],
    ['notifications', /^(?:notiser|notifikationer|notifications?|aviseringar|varslinger|varsler|underretninger|notifikationer|ilmoitukset|benachrichtigungen|aktivitet på ditt konto)(?![\p{L}\d-])/iu],
    ['statistics', /^(?:(?:visa|se|view|see)\s+)?(?:(?:din|dina|your|sidans?|page|profil\p{L}*|post|inläggs?)\s*)?(?:insikter|insights?|statistik(?:en)?|statistics|analytics|analys(?:er)?|annonskonto|professionell (?:instrumentpanel|översikt)|professional dashboard|creator studio|inläggsaktivitet|post activity)(?![\p{L}\d-])/iu],
    ['contacts', /^(?:kontakter|contacts|vänner (?:som är )?online|friends online|kontaktit|kontakte)(?![\p{L}\d-])/iu],
  ];
  const path = new RegExp(A.privatePath, 'i'), host = new RegExp(A.privateHost, 'i');
  const holds = 'article,[role=article],[role=feed],main,[role=main]';
  const boxes = 'aside,section,nav,dialog,[role=complementary],[role=dialog],[role=alertdialog],[role=log],[role=region],[role=navigation],[role=menu],[role=list],[role=grid],[role=tablist],[role=tabpanel],[role=status],[aria-label],[aria-labelledby]';
  const look = boxes + ',a[href],button,[role=button],[role=tab],[role=menuitem],[class*=chat i],[class*=messag i],[class*=msg- i],[class*=inbox i],[id*=chat i]';
  const chatty = /(?:^|[\s_-])(?:chat|chats|chatbox|messenger|messaging|msg-overlay|inbox|dm-drawer)(?:$|[\s_-])/i;
  const hidden = new WeakSet(), told = [];

  const privateLink = (el) => {
    try {
      const u = new URL(el.getAttribute('href'), document.baseURI);
      if (!/^https?:$/.test(u.protocol)) return false;
      const near = (a, b) => a === b || a.endsWith('.' + b) || b.endsWith('.' + a) || a.split('.').slice(-2).join('.') === b.split('.').slice(-2).join('.');
      return near(u.hostname, location.hostname) && (host.test(u.hostname) || path.test(u.pathname));
    } catch (e) { return false; }
  };
  const kindOf = (label) => { const t = A.clean(label || '').slice(0, 80); const k = t && what.find(([, re]) => re.test(t)); return k ? k[0] : ''; };
  const nameOf = (el) => {
    const by = el.getAttribute('aria-labelledby');
    if (el.getAttribute('aria-label')) return el.getAttribute('aria-label');
    if (by) return by.split(/\s+/).map((id) => { const e = el.getRootNode().getElementById && el.getRootNode().getElementById(id); return e ? e.textContent : ''; }).join(' ');
    const h = el.matches(boxes) && el.querySelector('h1,h2,h3,h4,[role=heading]');
    return h ? h.textContent : '';
  };
  const isPage = (el) => el === document.body || el === document.documentElement || !!el.querySelector(holds) || el.matches(holds);
  const hide = (el, kind) => {
    if (hidden.has(el)) return;
    hidden.add(el);
    el.style.setProperty('display', 'none', 'important');
    told.push(kind + ' (' + (el.getAttribute('role') || el.localName) + ')');
  };
  // around gives what belongs to a private link: the box whose links are mostly private, else the link.
  const around = (a) => {
    let best = a;
    for (let e = a.parentElement, n = 0; e && n < 6 && !isPage(e); e = e.parentElement, n++) {
      const links = Array.from(e.querySelectorAll('a[href]'));
      if (links.length > 60 || links.filter(privateLink).length * 2 <= links.length) break;
      if (e.matches(boxes + ',ul,ol,li')) best = e;
    }
    return best;
  };
  const judge = (el) => {
    if (hidden.has(el) || isPage(el)) return;
    const post = el.closest('article,[role=article]');
    if (el.localName === 'a' && !post && privateLink(el)) return hide(around(el), 'link');
    if (el.matches('a[href],button,[role=button],[role=tab],[role=menuitem]')) {
      const k = kindOf(A.label ? A.label(el) : el.textContent);
      // In a post only what shows its statistics; a text may speak of messages.
      if (k && (!post || k === 'statistics')) hide(el, k);
      return;
    }
    if (post) return;
    if (el.matches(boxes)) {
      const k = el.getAttribute('role') === 'log' ? 'messages' : kindOf(nameOf(el));
      if (k) return hide(el, k);
    }
    if (chatty.test((typeof el.className === 'string' ? el.className : '') + ' ' + el.id) && /^(?:fixed|sticky)$/.test(A.css(el).position)) hide(el, 'messages');
  };
  const scan = (root) => {
    if (root.nodeType !== 1) return;
    if (root.matches(look)) judge(root);
    for (const el of root.querySelectorAll(look)) judge(el);
  };

  let watching = false;
  // keepPrivate hides what is private now and from now on, and gives what was hidden since it was asked last.
  A.keepPrivate = () => {
    if (document.body) for (const el of A.all(look)) judge(el);
    if (!watching && document.documentElement) {
      watching = true;
      new MutationObserver((list) => {
        for (const m of list) {
          if (m.type === 'attributes') { judge(m.target); continue; }
          for (const n of m.addedNodes) scan(n);
          // A heading or a link that comes late may make its box private.
          const box = m.addedNodes.length && m.target.nodeType === 1 && m.target.closest(boxes);
          if (box) judge(box);
        }
      }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-label', 'role', 'href'] });
    }
    return told.splice(0, told.length);
  };

  // loggedOut tells a page that asks its visitor to log in although it shows something: "form", "link" or "".
  const enter = /^(?:logga in|log in|login|sign in|logg inn|log ind|kirjaudu(?: sisään)?|anmelden|einloggen)$/i;
  const leave = /^(?:logga ut|log ?out|sign out|logg ut|log ud|kirjaudu ulos|abmelden)$/i;
  A.loggedOut = () => {
    if (A.all('input[type=password]').some(A.shown)) return 'form';
    const acts = A.all('a[href],button,[role=button],input[type=submit]').filter((e) => !e.closest('article,[role=article]'));
    if (acts.some((e) => leave.test(A.label(e)))) return '';
    return acts.some((e) => enter.test(A.label(e)) && A.shown(e)) ? 'link' : '';
  };
})();
