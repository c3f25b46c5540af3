// What a page keeps folded outside of its posts: sections that open at a press. Menus, dialogs and searches stay as they are.
(() => {
  'use strict';
  const A = arsring;

  const frame = 'nav,header:not(main *),footer,[role=navigation],[role=banner],[role=contentinfo],[role=dialog],[role=menu],[role=menubar],[role=search],[aria-modal=true]';
  const held = (el) => el.closest(frame) || el.closest('form');
  const unseen = (el) => !el.getClientRects().length || !A.visible(el) || el.getBoundingClientRect().height < 2;
  // worth says that what is folded is a part of the page: it says something, and is no menu and no form.
  const worth = (el) => {
    const text = A.clean(el.textContent);
    if (text.length < 3 || el.matches(frame + ',[role=listbox],[role=tooltip]') || el.querySelector('[role=menu],[role=search],input[type=search],input[type=password]')) return false;
    const links = Array.from(el.querySelectorAll('a[href]')).reduce((n, a) => n + A.clean(a.textContent).length, 0);
    return !(links > text.length * 0.9 && el.querySelectorAll('a[href]').length > 4 && !el.querySelector('time,p,article'));
  };
  // What opens a menu, a search or a choice of language is called that, whatever it is made of.
  const tool = /^(?:(?:öppna|visa|open|show|toggle|växla|åpne|åbn|avaa)\s+)?(?:huvud|main\s+|site\s+)?(?:meny\p{L}*|menu|navigation|navigering|navigasjon|valikko|sök\p{L}*|search|søk|søg|haku|språk|languages?|sprog|kieli|inställningar|settings|innstillinger|indstillinger|asetukset|kakor|cookies?|konto|account|profil\p{L}*|mitt konto|notiser|notifications)\b/iu;
  const target = (b) => {
    for (const id of (b.getAttribute('aria-controls') || '').split(/\s+/)) {
      const t = id && b.getRootNode().getElementById && b.getRootNode().getElementById(id);
      if (t) return t;
    }
    // A section folded below its head, which may be wrapped.
    for (let e = b, n = 0; e && n < 3; e = e.parentElement, n++) {
      const t = e.nextElementSibling;
      if (t) return unseen(t) && A.clean(t.textContent).length > 40 && !/^(?:script|style|template|dialog)$/.test(t.localName) ? t : null;
      if (e.parentElement && A.clean(e.parentElement.textContent) !== A.clean(e.textContent)) return null;
    }
    return null;
  };
  const until = async (end, done) => { while (!done() && performance.now() < end) await new Promise((r) => setTimeout(r, 15)); };

  // unfoldPage opens folded sections, and gives the names of what was pressed. A section that closes another is opened beside it.
  A.unfoldPage = async (limit) => {
    const out = [], end = performance.now() + limit, tried = new Set(), shown = [];
    const found = new Set(A.find()), inPost = (el) => A.amidst(el, found);
    // sideBySide says that a tab is one of several with a part of the page each, none of which is its posts.
    const sideBySide = (el) => { const all = Array.from((el.closest('[role=tablist]') || el).querySelectorAll('[role=tab]')); return !found.size && all.length > 1 && !all.some((t) => posts.test(A.label(t))) && new Set(all.map(target)).size === all.length; };
    for (let round = 0; round < 4; round++) { // what is opened may hold more
      let hit = false;
      for (const el of A.all('details:not([open]),[aria-expanded=false],h2[onclick],h3[onclick],h4[onclick],[role=tab]')) {
        if (performance.now() > end || out.length >= 500) return out;
        if (tried.has(el) || held(el) || inPost(el)) continue;
        tried.add(el);
        if (el.localName === 'details') {
          const head = Array.from(el.children).find((k) => k.localName === 'summary');
          if (!worth(el) || unseen(el)) continue;
          el.removeAttribute('name'); // of several with one name only one stays open
          if (head && A.pressable(head) && !A.unwanted(head)) head.click();
          if (!el.open) el.open = true;
          out.push(head ? A.label(head) || 'details' : 'details');
          hit = true;
          continue;
        }
        const t = target(el);
        if (el.matches('[role=tab]')) {
          if (!t || !sideBySide(el)) continue;
          if (!shown.includes(t)) shown.push(t); // the one that is open, too
        }
        if (!t || !unseen(t) || unseen(el) || !worth(t) || held(t) || !A.pressable(el) || A.unwanted(el) || tool.test(A.label(el))) continue;
        if (/^(?:combobox|menuitem|option|textbox)$/.test(el.getAttribute('role') || '') || /^(?:menu|listbox|dialog|true)$/.test(el.getAttribute('aria-haspopup') || '')) continue;
        el.click();
        await until(Math.min(end, performance.now() + 1000), () => !unseen(t));
        out.push(A.label(el) || 'visa');
        if (!shown.includes(t)) shown.push(t);
        hit = true;
      }
      if (!hit) break;
      await new Promise((r) => setTimeout(r, 60));
    }
    // A page without posts may end with a button for more of it, as long as that gives more.
    const said = () => A.clean(document.body.innerText).length;
    for (const el of document.body && !found.size ? A.all('button,[role=button],a[href="#"]') : []) {
      for (let n = 0; n < 100 && performance.now() < end && el.isConnected && A.showsMore(el) && !held(el) && !unseen(el) && A.pressable(el); n++) {
        const name = A.label(el), before = said();
        el.click();
        await until(Math.min(end, performance.now() + 1500), () => said() > before);
        if (said() <= before) break;
        out.push(name);
      }
    }
    for (const t of shown) if (t.isConnected && unseen(t)) { t.hidden = false; t.style.setProperty('display', 'block', 'important'); t.style.setProperty('height', 'auto', 'important'); t.style.setProperty('max-height', 'none', 'important'); t.style.setProperty('visibility', 'visible', 'important'); }
    return out;
  };

  // A page that says next to nothing and has a button that leads on is a door.
  const onward = /^(?:gå vidare|gå in|kom in|fortsätt|vidare|öppna|visa|till|hoppa över|continue|enter|proceed|skip|go to|gå videre|fortsett|fortsæt|jatka|siirry)(?:\s+(?:till|to|på|med|as|uten|uden|the|intro(?:t|n)?|(?:webb)?plats(?:en)?|(?:web)?site|sida(?:n)?|webbsida(?:n)?|siden|nettstedet|sivustolle|sivulle|inlägg(?:en)?|flödet|innehållet))*\s*[›»→>]*$/i;
  const door = () => {
    const said = A.clean(document.body ? document.body.innerText : '');
    if (said.length > 400 || A.all('input:not([type=hidden]),textarea,select').some(A.visible)) return null;
    return A.all('button,[role=button],a[href="#"],a:not([href])').find((b) => onward.test(A.label(b)) && A.safe(b)) || null;
  };
  // postsTab presses what a page that shows no posts keeps them behind, a tab or a door, and gives its name.
  const posts = /^(?:(?:alla |all )?(?:inlägg|nyheter|aktuellt|flöde(?:t)?|tidslinje(?:n)?|uppdateringar|poster|posts?|news|feed|timeline|updates|tweets|videos?|videor|innlegg|opslag|julkaisu(?:t)?|ajankohtaista|uutiset|beiträge|neuigkeiten))(?:\s*\(?\d[\d\s]*\)?)?$/i;
  A.postsTab = () => {
    const tab = A.all('[role=tab]').find((t) => t.getAttribute('aria-selected') !== 'true' && posts.test(A.label(t)) && A.safe(t));
    const way = tab || door();
    if (!way) return '';
    const name = A.label(way);
    A.press(way);
    return name;
  };
})();
