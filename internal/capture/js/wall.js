// What lies over a page or stands in its place: a login, a captcha, an age question, a removed account. What every language shares - forms,
// roles, addresses, what covers what - comes first, phrases second. A phrase counts only where the page says it by itself: as its heading, or as
// a short line on a page that says little else. An article about logins or missing pages is no wall.
(() => {
  'use strict';
  const A = arsring;
  const loginPath = /\/(?:log-?in|sign-?in|inloggning|logga-in|accounts\/login|auth|authwall|checkpoint|session|sso|uas|konto\/logga)(?:[/?#.]|$)/i;
  const loginWord = /^(?:logga in|log in|login|sign in|logg inn|log ind|kirjaudu(?: sisään)?|anmelden|einloggen|skapa (?:nytt )?konto|sign up|create (?:new )?(?:an )?account|registrera (?:dig|konto)|bli medlem|join now|opprett (?:ny )?konto|opret (?:ny )?konto|luo (?:uusi )?tili|registrieren|konto erstellen)(?![\p{L}\d])/iu;
  const loginText = /(?:logga in|log in|sign in|sign up|logg inn|log ind|kirjaudu|anmelden|registrera|registrier|konto\b|account|medlem)/i;
  const mustLogin = /(?:logga in (?:igen |på nytt )?för att|du måste (?:logga in|vara inloggad)|inloggning krävs|(?:log|sign) in (?:again )?to (?:continue|see|view)|you must (?:log|sign) in|you need to (?:log|sign) in|logg inn (?:igjen |på nytt )?for å|du må logge inn|log ind (?:igen )?for at|du skal logge ind|kirjaudu sisään (?:uudelleen )?(?:jatkaaksesi|nähdäksesi)|melde dich an, um)/i;
  const captchaText = /(?:bekräfta att du (?:inte )?är|jag är inte en robot|är du en (?:människa|robot)|verify (?:that )?you are (?:a )?human|i.?m not a robot|are you (?:a )?(?:human|robot)|prove you are human|(?:ovanlig trafik|unusual traffic) (?:från|from)|bekreft at du (?:ikke )?er|bekræft at du (?:ikke )?er|vahvista,? että et ole robotti|bestätigen sie, dass sie (?:kein|ein))/i;
  const captchaWidget = 'iframe[src*="recaptcha" i],iframe[src*="hcaptcha" i],iframe[src*="turnstile" i],iframe[src*="challenges.cloudflare" i],iframe[src*="arkoselabs" i],iframe[src*="funcaptcha" i],iframe[src*="captcha-delivery" i],iframe[src*="captcha" i],[class*="captcha" i]:not([class*="badge" i]),[id*="captcha" i],input[name*="captcha" i],[class*="cf-turnstile"],#challenge-form,#challenge-stage';
  const captchaPath = /\/(?:captcha|challenge|cdn-cgi\/challenge[^/]*|sorry\/index)(?:[/?#.]|$)/i;
  const age = /(?:åldersgräns|åldersbegräns|åldersverifi|åldersspärr|ålderskontroll|age verification|(?:date of birth|födelsedatum|fødselsdato) |must be (?:18|21)|bekräfta din ålder|är du (?:över|minst|fyllda) (?:18|20)|age[- ]restricted|(?:confirm|verify) your age|(?:18|20) år eller äldre|(?:18|21) (?:years )?or older|over (?:18|21)\?|aldersgrense|aldersgrænse|ikäraja|altersbeschränk|altersverifi|über 18)/i;
  const ageAct = /(?:\b(?:18|20|21)\b|ålder|\bage\b|född|birth|alder|ikä|alter\b|^ja\b|^yes\b|^enter\b)/i;
  const gone = /(?:(?:hittade? inte|hittar inte|hitta|fant ikke|finner ikke|kunne ikke finde|couldn.t find|can.?t find|cannot find)\s(?:(?:den (?:här )?|this |that |the )?(?:sidan|kontot|profilen|användaren|kanalen|innehållet|siden|kontoen|profilen|page|account|profile|user|channel|content))(?![\p{L}])|(?:stängt av|avslutat|raderat|inaktiverat|deactivated|deleted) (?:sitt|sin|their|its|this) (?:konto|sida|profil|account|page|profile)|(?:sidan|kontot?|innehållet|profilen|inlägget|användaren|kanalen|gruppen)(?![\p{L}])[^.!?]{0,60}(?:finns inte|finns ej|existerar inte|är inte tillgänglig|är borttage|har tagits bort|kan inte visas|hittades inte|kunde inte hittas|har raderats|avstängt|stängts av|är avstängt|är nedlagt|har upphört)|(?:page|account|content|profile|post|user|channel|group)\b[^.!?]{0,60}(?:isn.t available|is not available|not found|doesn.t exist|does not exist|has been (?:removed|deleted|suspended|terminated)|suspended|no longer (?:available|exists))|\bpage not found\b|(?:page|account|content|profile)\b[^.!?]{0,40}(?:cannot|can.t|couldn.t|could not) be found|(?:siden|kontoen|innholdet|indholdet|profilen)[^.!?]{0,50}(?:finnes ikke|findes ikke|er ikke tilgjengelig|er ikke tilgængelig|er fjernet|er slettet|er suspendert)|(?:sivua?|tiliä?|sisältöä?)[^.!?]{0,50}(?:ei löydy|ei löytynyt|ei ole saatavilla|on poistettu|jäädytetty)|(?:seite|konto|inhalt)[^.!?]{0,50}(?:nicht gefunden|existiert nicht|nicht verfügbar|gesperrt|gelöscht))/iu;
  const geo = /(?:(?:inte|ej) tillgänglig(?:t)? i (?:ditt|det här) (?:land|område)|not available in your (?:country|region|location)|ikke tilgjengelig i ditt land|ikke tilgængelig i dit land|ei ole saatavilla maassasi|in (?:deinem|ihrem) land nicht verfügbar)/i;
  const rate = /(?:för många (?:förfrågningar|försök)|too many (?:requests|attempts)|rate limit(?:ed)?(?: exceeded| reached)?|du gör detta för ofta|nått gränsen för|reached (?:the|your) (?:\p{L}+ )?limit|vänta (?:några|en) \p{L}+ (?:och|innan du|sedan) försök|wait a (?:few|moment|while|minute)[^.!?]{0,40}try again|(?:doing|going) (?:this )?too (?:often|fast)|for mange forespørsler|for mange forespørgsler|liian monta pyyntöä|zu viele anfragen)/iu;
  const members = /(?:kontot är privat|account is private|private account|profilen är privat|(?:inläggen|inlägg) är skyddade|(?:posts|tweets) are protected|privat grupp|private group|gruppen är privat|(?:endast|bara) för medlemmar|members[- ]only|only members can|bli medlem för att se|join (?:this )?(?:group|channel) to|kontoen er privat|tili on yksityinen|konto ist privat)/i;
  const fault = /(?:något gick (?:fel|snett)|something went wrong|noe gikk galt|noget gik galt|jokin meni (?:pieleen|vikaan)|etwas ist schiefgelaufen|ett (?:tekniskt )?fel (?:uppstod|har uppstått|inträffade|har inträffat)(?! (?:i|på|med|för|hos) \p{L})|an? (?:unexpected |technical )?error (?:has )?occurred|underhåll pågår|pågående underhåll|(?:på grund av|nere för|stängd? för) underhåll|under(?:going)? maintenance|maintenance mode|tillfälligt (?:otillgänglig|nere|stängd?|ur funktion)|temporarily (?:unavailable|down|out of service)|(?:är|är vi) (?:strax|snart) tillbaka|(?:we.ll )?be (?:right )?back (?:soon|shortly)|midlertidig utilgjengelig|midlertidigt utilgængelig)/iu;
  const browser = /(?:webbläsare\p{L}* (?:stöds inte|är för gammal|behöver uppdateras)|(?:unsupported|outdated) browser|browser (?:is |version )?(?:not|no longer) supported|(?:aktivera|slå på|enable|turn on) javascript|javascript (?:krävs|måste vara|is required|is disabled)|nettleseren (?:din )?støttes ikke|browseren understøttes ikke|selaintasi ei tueta)/iu;
  const empty = /^(?:(?:det finns )?(?:inga|ännu inga) (?:inlägg|uppdateringar|videor|bilder)(?: ännu| än| att visa)?|(?:there are )?no (?:posts|tweets|videos|updates|photos|content)(?: yet| available| to show)?|.{0,60}har inte (?:publicerat|lagt upp|delat|skrivit) något(?: ännu| än)?|.{0,60}hasn.t (?:posted|tweeted|shared)(?: anything)?(?: yet)?|.{0,60}har ännu inte (?:publicerat|lagt upp) .{0,20}|ingen (?:innlegg|opslag)(?: ennå| endnu)?|ei (?:vielä )?julkaisuja|noch keine beiträge|(?:there.?s )?nothing (?:to (?:see|show)(?: here)?|here)(?: yet)?(?:\s*[—–-].{0,60})?|(?:här finns )?inget att (?:se|visa)(?: här)?(?: ännu| än)?|inget här ännu|här var det tomt)[.!]?$/iu;

  // or looks for a thing in the words of the North and in those of elsewhere.
  const or = (re, key) => ({ test: (t) => re.test(t) || A.phrases[key].test(t) });
  const anyLogin = or(loginWord, 'login'), anyMust = or(mustLogin, 'must'), anyCaptcha = or(captchaText, 'captcha'), anyGone = or(gone, 'gone'), anyGeo = or(geo, 'geo'), anyRate = or(rate, 'rate'), anyMembers = or(members, 'members'), anyFault = or(fault, 'fault'), anyBrowser = or(browser, 'browser'), anyAge = or(age, 'age');

  const closeWord = /^(?:stäng(?: (?:dialog\p{L}*|ruta\p{L}*|fönst\p{L}*))?|close(?: (?:dialog|modal|window|popup))?|(?:inte|ej|ikke|not) (?:just |right )?(?:nu|now)|nej tack|nej,? tack|no,? thanks|avbryt|cancel|dismiss|ignorera|avvisa|senare|kanske senare|later|maybe later|hoppa över|skip|lukk|luk|sulje|ikke nå|ikke nu|ei nyt|ei kiitos|nei takk|nej tak|schließen|nicht jetzt|fortsätt utan .{0,30}|continue without .{0,30}|cerrar|ahora no|(?:no,? )?gracias|fermer|plus tard|non,? merci|pas maintenant|chiudi|non ora|no,? grazie|più tardi|fechar|agora não|não,? obrigad[oa]|sluiten|niet nu|nee,? (?:bedankt|dank je)|nein,? danke|später|zamknij|nie teraz|nie,? dziękuję|później|zavřít|teď ne|ne,? děkuji|bezárás|most nem|închide|закрыть|не сейчас|нет,? спасибо|закрити|не зараз|kapat|şimdi değil|閉じる|关闭|關閉|닫기|إغلاق|κλείσιμο|loka|ekki núna|sulge|mitte praegu|[×✕✖✗⨯╳xX])$/iu;
  const closeMark = /(?:^|[\s_-])(?:close|cerrar|fermer|chiudi|sluit|zamknij|schliessen|dismiss|stäng|stang|lukk|sulje)(?:$|[\s_-]|btn|button|icon)/i;

  // up gives the element that a person sees another one lie in, across shadow trees and frames of the same origin.
  const up = (el) => A.parent(el) || (el.ownerDocument !== document && el.ownerDocument.defaultView ? el.ownerDocument.defaultView.frameElement : null);
  const isDialog = (el) => /^(?:dialog|alertdialog)$/.test(el.getAttribute('role') || '') || el.getAttribute('aria-modal') === 'true' || el.localName === 'dialog' && el.open;
  const inTopLayer = (el) => { try { return el.matches(':modal,:popover-open'); } catch (e) { return false; } };
  const isModal = (el) => { try { return el.matches(':modal') || el.getAttribute('aria-modal') === 'true'; } catch (e) { return false; } };
  A.isModal = isModal;
  // holdsPage tells an element that carries the page itself from one that lies over it.
  const holdsPage = (el) => {
    if (el === el.ownerDocument.body || el === el.ownerDocument.documentElement || el.querySelector('main,[role=main],[role=feed]')) return true;
    const n = el.getElementsByTagName('*').length;
    return n > 150 && n > document.getElementsByTagName('*').length * 0.6;
  };
  A.holdsPage = holdsPage;
  const raised = (el) => {
    if (isDialog(el) || inTopLayer(el)) return true;
    const s = A.css(el);
    return s.position === 'fixed' || s.position === 'absolute' && +s.zIndex >= 10;
  };
  // outer is the outermost element over the page that holds the given one, null where it belongs to the page itself.
  const outer = (el) => {
    let best = null;
    for (let e = el; e; e = up(e)) if (raised(e)) { if (holdsPage(e)) break; best = e; }
    return best;
  };
  A.outer = outer;
  const shown = (el) => A.visible(el) && parseFloat(A.css(el).opacity) >= 0.05;
  // extent is where an element, or what it holds, is seen in the window: {w, h, cover}.
  A.extent = (el) => {
    let l = Infinity, t = Infinity, r = -Infinity, b = -Infinity;
    const add = (e, deep) => {
      const q = e.getBoundingClientRect();
      if (q.width > 1 && q.height > 1 && shown(e)) { l = Math.min(l, q.left); t = Math.min(t, q.top); r = Math.max(r, q.right); b = Math.max(b, q.bottom); }
      if (deep && (q.width <= 1 || q.height <= 1)) for (const k of Array.from(A.kids(e)).slice(0, 30)) if (k.nodeType === 1) add(k, deep - 1);
    };
    add(el, 3);
    const w = Math.min(r, innerWidth) - Math.max(l, 0), h = Math.min(b, innerHeight) - Math.max(t, 0);
    return w > 0 && h > 0 ? { w, h, cover: (w * h) / (innerWidth * innerHeight) } : { w: 0, h: 0, cover: 0 };
  };
  const spots = [0.06, 0.5, 0.94].flatMap((x) => [0.02, 0.25, 0.5, 0.75, 0.98].map((y) => [x, y]));
  const hit = (x, y) => {
    let el = document.elementFromPoint(x, y);
    for (let i = 0; el && A.shadow(el) && i < 5; i++) { const k = A.shadow(el).elementFromPoint(x, y); if (!k || k === el) break; el = k; }
    return el;
  };
  // layers lists what lies over the page: [{el, dialog, modal, w, h, cover}], largest first, with the share of the window that they take together.
  A.layers = () => {
    const set = new Set(), out = [];
    if (!document.body) return { list: out, blocked: 0 };
    let blocked = 0;
    for (const [x, y] of spots) {
      const el = hit(Math.min(innerWidth * x, innerWidth - 2), Math.min(Math.max(innerHeight * y, 8), innerHeight - 8));
      const o = el && outer(el);
      if (o) { set.add(o); if (!o.matches('header,nav,[role=banner],[role=navigation]') && A.extent(o).h > 120) blocked++; }
    }
    for (const el of A.all('dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]')) { const o = outer(el); if (o) set.add(o); }
    const near = (parent, depth) => {
      const kids = Array.from(parent.children);
      for (const k of kids.length > 80 ? [...kids.slice(0, 40), ...kids.slice(-40)] : kids) {
        if (/^(?:script|style|link|template|noscript|main|article|section)$/.test(k.localName)) continue;
        if (raised(k) && !holdsPage(k)) set.add(k);
        else if (depth && k.childElementCount < 12) near(k, depth - 1);
        if (depth && A.shadow(k)) near(A.shadow(k), depth);
      }
    };
    near(document.body, 1);
    for (const k of document.documentElement.children) if (k !== document.body && k !== document.head && raised(k)) set.add(k);
    for (const el of set) {
      const e = A.extent(el);
      if (e.w < 30 || e.h < 15) continue;
      out.push({ el, dialog: isDialog(el) || !!A.deep(el, '[role=dialog],[role=alertdialog],[aria-modal=true],dialog[open]').length, modal: isModal(el) || A.deep(el, '[aria-modal=true],dialog[open]').some((d) => isModal(d) && shown(d)), ...e });
    }
    out.sort((a, b) => b.cover - a.cover);
    return { list: out, blocked: blocked / spots.length };
  };
  // deep is querySelectorAll through open shadow trees and frames of the same origin, the element itself left out.
  A.deep = (root, sel) => {
    const out = [];
    const visit = (r) => {
      out.push(...r.querySelectorAll(sel));
      for (const k of r.querySelectorAll('*')) enter(k);
    };
    const enter = (k) => { if (A.shadow(k)) visit(A.shadow(k)); else { const b = A.frameBody(k); if (b) visit(b); } };
    enter(root);
    visit(root);
    return out;
  };
  // words is the text that is seen in an element, shadow trees and frames of the same origin included.
  A.words = (el) => {
    const parts = [el.innerText || ''];
    const enter = (k) => { if (A.shadow(k)) { for (const c of A.shadow(k).children) if (c.localName !== 'style') parts.push(c.innerText || ''); } else { const b = A.frameBody(k); if (b) parts.push(b.innerText || ''); } };
    enter(el);
    for (const k of A.deep(el, '*')) enter(k);
    return A.clean(parts.join(' \n '));
  };
  // sends says that a button's own script sends a form or opens another page.
  A.sends = (el) => { const a = el.closest('a[href]'); return /submit\s*\(|location\s*(?:\.href\s*)?=|location\.(?:assign|replace)|window\.open/i.test(el.getAttribute('onclick') || (a && (a.getAttribute('onclick') || a.getAttribute('href'))) || ''); };
  // safe says whether pressing the element can neither send a form nor open another page.
  A.safe = (el) => {
    if (el.disabled || el.getAttribute('aria-disabled') === 'true' || /^(?:label|option|area)$/.test(el.localName)) return false;
    const a = el.closest('a[href]'), h = a && a.getAttribute('href').trim();
    if (h && h !== '#' && !/^javascript:/i.test(h) && !(h.startsWith('#') && h.length < 60)) return false;
    const form = el.form || el.closest('form');
    if (form && form.getAttribute('method') !== 'dialog') {
      const to = (el.getAttribute('formaction') || form.getAttribute('action') || '').trim();
      if (to && to !== '#' && !/^javascript:/i.test(to)) return false;
      if (/^(?:submit|image|reset)$/.test(el.type || '')) return false;
    }
    if (A.sends(el)) return false;
    const r = el.getBoundingClientRect();
    return r.width > 2 && r.height > 2 && shown(el);
  };
  // press does what a pointer does to a button.
  A.press = (el) => {
    const w = el.ownerDocument.defaultView, r = el.getBoundingClientRect(), at = { bubbles: true, cancelable: true, composed: true, view: w, button: 0, clientX: r.left + r.width / 2, clientY: r.top + r.height / 2 };
    for (const t of ['pointerdown', 'mousedown', 'pointerup', 'mouseup']) el.dispatchEvent(new (t.startsWith('p') ? w.PointerEvent : w.MouseEvent)(t, at));
    el.click();
  };

  // stroke presses a key and lets it go, where the page expects it.
  A.stroke = (key, code) => { const target = document.activeElement || document.body; for (const type of ['keydown', 'keyup']) target.dispatchEvent(new KeyboardEvent(type, { key, code: key, keyCode: code, which: code, bubbles: true, cancelable: true, composed: true })); };

  const actions = 'a[href],button,[role=button],input[type=submit]';
  const loginish = (root) => {
    const pw = A.deep(root, 'input[type=password],input[autocomplete="current-password"]').some(shown);
    const act = A.deep(root, actions).filter((b) => shown(b) && (anyLogin.test(A.label(b)) || b.localName === 'a' && loginPath.test(b.pathname)));
    return { pw, act: act.length, words: act.some((b) => A.phrases.login.test(A.label(b))) };
  };
  A.loginish = loginish;
  // asksLogin says that a line asks its reader to log in in order to see more; not in order to take part.
  const takePart = /(?:komment|comment|gilla|\blike|svara|reply|f\u00f6lj|follow|delta|diskut|discuss|r\u00f6sta|vote|reag|antwort|abonn|prenum|subscri)/i, seeMore = /(?:fler|\bmer\b|\bmore\b|\ball(?:a|e|t)?\b|\bse\b|\bsee\b|flere|lis\u00e4\u00e4|mehr|meer)/i;
  A.asksLogin = (t) => anyMust.test(t) && (!takePart.test(t) || seeMore.test(t));
  // asksBelow gives what a part around such a line says, where it offers a login and says little else.
  A.asksBelow = (el) => {
    if (el.closest('header,nav,[role=dialog]')) return '';
    for (let e = el, n = 0; e && e !== document.body && n < 5; e = e.parentElement, n++) {
      const t = A.clean(e.innerText);
      if (t.length > 400) return '';
      const l = loginish(e);
      if (l.pw || l.act) return t.slice(0, 200);
    }
    return '';
  };
  // asksAmong gives what a form for a password says that stands in the row of the posts, after the last of them.
  A.asksAmong = (items) => {
    const last = items[items.length - 1];
    if (items.length < 2) return '';
    let row = items[0].parentElement;
    while (row && !row.contains(last)) row = row.parentElement;
    const is = row && Array.from(row.querySelectorAll('input[type=password],input[autocomplete="current-password"]')).find((i) => {
      const a = (i.form || i).getBoundingClientRect(), b = last.getBoundingClientRect();
      return A.below(items)(i) && shown(i) && !i.closest(frame) && !items.some((x) => x.contains(i)) && a.top >= b.bottom - 2 && Math.min(a.right, b.right) - Math.max(a.left, b.left) > a.width / 2;
    });
    let box = is;
    while (box && box.parentElement !== row && !box.parentElement.contains(last)) box = box.parentElement;
    return box ? A.clean(box.innerText).slice(0, 200) || 'lösenord' : '';
  };
  // closer finds the way out that a dialog offers.
  A.closer = (root) => (A.rules.close && A.all(A.rules.close).find((b) => A.inside(b, root) && A.safe(b))) || A.deep(root, 'button,[role=button],a,[aria-label],[data-dismiss],[data-bs-dismiss]').find((b) => {
    const t = A.label(b);
    if (anyLogin.test(t) || !A.safe(b) || b.querySelector('button,[role=button],input')) return false;
    return closeWord.test(t) || !t && (closeMark.test(String(b.getAttribute('class') || '')) || b.hasAttribute('data-dismiss') || b.hasAttribute('data-bs-dismiss'));
  });

  const still = () => [document.documentElement, document.body].some((e) => e && (/(?:hidden|clip)/.test(A.css(e).overflowY) || A.css(e).position === 'fixed'));
  const stillAtFirst = document.body ? still() : false;
  // locked reports whether the page keeps its visitor from scrolling.
  A.locked = () => still() && (!stillAtFirst || A.height() > innerHeight + 100);

  // overPage says that a layer keeps its visitor from the page, and is no bar at its edge.
  const central = (o) => { const r = o.el.getBoundingClientRect(), x = (r.left + r.right) / 2 / innerWidth, y = (r.top + r.bottom) / 2 / innerHeight; return o.h > 50 && o.w > 150 && x > 0.3 && x < 0.7 && y > 0.1 && y < 0.85; };
  A.overPage = (o, blocked, locked, list) => o.veiled || (o.veiled = central(o) && A.veiled(o, list)) || o.cover >= 0.5 || o.modal || blocked >= 0.6 && (o.dialog || o.cover > 0.02) || locked && (o.dialog || o.h > 200 && !o.el.matches('header,nav,[role=banner],[role=navigation]'));
  // puzzle says that a layer asks its visitor to drag something into its place: a slider beside a picture, and nothing that plays or is filled in.
  const puzzle = (el, t) => t.length < 300 && A.deep(el, '[role=slider],input[type=range],[draggable=true]').some(shown) && A.deep(el, 'img,canvas,svg').some((i) => shown(i) && i.getBoundingClientRect().width > 150) && !A.deep(el, 'video,audio,textarea,article').length;
  // barrier looks for what lies over the page and bars the way: {login, age, captcha, closable, covering, text}.
  A.barrier = () => {
    const out = { login: false, captcha: false, age: false, closable: false, covering: 0, text: '' };
    const { list, blocked } = A.layers();
    if (!list.length) return out;
    const locked = A.locked();
    for (const o of list) {
      if (!A.overPage(o, blocked, locked, list)) continue;
      const t = A.words(o.el).slice(0, 3000);
      if (!t) continue;
      const l = loginish(o.el);
      if (l.pw || l.act && (loginText.test(t) || l.words) && t.length < 1500) {
        Object.assign(out, { login: true, text: t.slice(0, 200), covering: Math.max(o.cover, blocked), closable: !!A.closer(o.el) });
      } else if (age.test(t) && t.length < 1500 && A.deep(o.el, 'button,[role=button],a,input,select').some((b) => shown(b) && (b.localName === 'select' || ageAct.test(A.label(b)))) || t.length < 1500 && A.asksAge(o.el, t)) {
        out.age = true; out.text = t.slice(0, 200);
      } else if (A.deep(o.el, captchaWidget).some((w) => shown(w) && w.getBoundingClientRect().width > 150 && w.getBoundingClientRect().height > 60) || puzzle(o.el, t)) {
        out.captcha = true; out.text = t.slice(0, 200);
      }
    }
    return out;
  };
  A.barred = () => { const b = A.barrier(); return b.login || b.age || b.captcha; };

  const frame = A.frameParts = 'nav,footer,header:not(main *),aside,[role=navigation],[role=contentinfo],[role=banner],[role=complementary],[role=search],script,style,noscript,template';
  // linesOf lists what says no more than a short line, as [element, text]; made once for one look at the page.
  const longest = 160;
  const linesOf = (p) => {
    if (p.lines) return p.lines;
    p.lines = [];
    const w = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT, (e) => (e.matches(frame) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
    for (const n of document.body.childNodes) if (n.nodeType === 3 && n.data.trim()) p.lines.push([document.body, A.clean(n.data).slice(0, longest)]); // what stands in no element
    for (let e = w.nextNode(), k = 0; e && k < 3000; e = w.nextNode(), k++) {
      const raw = e.textContent, t = raw.length <= longest + 60 ? A.clean(raw) : '';
      if (t && t.length <= longest) p.lines.push([e, t]);
    }
    return p.lines;
  };
  // statement finds a line of its own, of at most so many characters, that says the given thing.
  const statement = (p, re, most) => {
    const line = linesOf(p).find(([e, t]) => t.length <= most && re.test(t) && A.visible(e) && !e.closest('a[href]') && (e === document.body || !Array.from(e.children).some((c) => re.test(A.clean(c.textContent)))));
    return line ? line[1] : '';
  };
  // lone describes a page that shows no posts: how much it says, and its headings.
  const lone = A.lone = () => {
    let main = A.clean(document.body.innerText).length;
    for (const f of document.querySelectorAll(frame)) if (!f.parentElement.closest(frame) && A.visible(f)) main -= A.clean(f.innerText).length;
    const heads = [document.title, ...A.all('h1,h2,[role=heading]').filter((h) => A.visible(h) && !h.closest(frame)).slice(0, 4).map((h) => A.clean(h.innerText))].filter((h) => h && h.length < 140);
    const article = A.all('article,time[datetime],[itemprop=articleBody],[role=article]').some(A.visible);
    const long = A.all('p').filter((p) => p.textContent.length > 160 && A.visible(p) && !p.closest(frame)).length;
    return { main, heads, sparse: main < 1200 && !article && long <= 2, bare: main < 500 && !article };
  };
  // says finds where the page itself says the given thing: in a heading, or in a short line that is a good part of all it says.
  const says = A.saysAlone = (p, re, most) => p.heads.find((x) => re.test(x)) || ((t) => (t.length * 6 >= p.main ? t : ''))(statement(p, re, most));

  // sentHere says that the address itself tells where its visitor wanted to go, as pages do that stand in the way.
  const sentHere = () => [...new URLSearchParams(location.search)].some(([k, v]) => /^(?:next|continue|return\w*|redirect\w*|goto|target\w*|back\w*|destination|service|ru)$/i.test(k) && /^(?:https?:)?\/\S/i.test(v));

  // posts counts the posts in the page; it looks for them anew only when those seen last are gone.
  let last = [], count = 0;
  const posts = () => {
    if (last.some((r) => { const e = r.deref(); return e && e.isConnected && e.getClientRects().length; })) return count;
    const items = A.find();
    count = items.length;
    last = [...items.slice(0, 2), ...items.slice(-6)].map((e) => new WeakRef(e));
    return count;
  };
  // wall reports the signs in the page as it stands.
  A.wall = () => {
    const out = { login: false, captcha: false, age: false, gone: false, geo: false, rate: false, members: false, consent: false, browser: false, doubt: '', parked: false, denied: false, data: false, wait: false, fault: false, empty: false, full: false, path: false, items: 0, text: '', chars: 0, closable: false, covering: 0 };
    out.path = loginPath.test(location.pathname);
    if (!document.body) return out;
    Object.assign(out, A.barrier());
    out.items = posts();
    if (out.items) {
      const alert = A.all('[role=alert],[aria-live=assertive]').find((e) => A.visible(e) && rate.test(A.clean(e.innerText).slice(0, 300)));
      if (alert) { out.rate = true; out.text = A.clean(alert.innerText).slice(0, 200); }
      // A page that is not there may show its site's news all the same: its title and its first heading both say so then.
      const h1 = A.all('h1').filter((h) => A.visible(h) && !h.closest('article,[role=article]')).map((h) => A.clean(h.innerText));
      if (!alert && h1.length === 1 && h1[0].length < 140 && [h1[0], document.title].every((x) => anyGone.test(x) || A.codeOf(x) === 'gone')) Object.assign(out, { gone: true, full: true, text: h1[0] });
      return out;
    }
    const p = lone();
    // What only a line below another heading says may be news of the account's own: then the page is kept, and doubted.
    const below = (what, text) => (/^(?:gone|fault|wait|denied)$/.test(what) || what === 'captcha' && !A.all('button,[role=button],input:not([type=hidden]),iframe,canvas').some((e) => shown(e) && !e.closest(frame))) && !p.heads.some((h) => h === text || h.includes(text)) && A.all('h1').some((h) => A.visible(h) && !h.closest(frame) && A.clean(h.innerText).length > 3 && !A.dismay.test(A.clean(h.innerText)) && !A.codeOf(A.clean(h.innerText)));
    const full = (what, text) => {
      out.text = text;
      if (!below(what, text)) { out[what] = true; out.full = true; } else if (what !== 'fault' || !/\d/.test(text)) out.doubt = text;
    };
    const strange = A.strange(p, (re, most) => says(p, re, most));
    const told = A.sign(p.sparse, (re) => says(p, re, 160));
    out.chars = p.main;
    const pw = A.all('input[type=password],input[autocomplete="current-password"]').filter(shown), forms = A.all('input:not([type=hidden]),textarea,select').filter(shown);
    const inMain = pw.some((e) => !e.closest(frame));
    const asks = pw.map((e) => e.form || e.parentElement.closest('fieldset,section,div') || e), beside = forms.filter((e) => !asks.some((a) => a.contains(e))).length; // what else the page offers to fill in
    const act = loginish(document.body).act;
    const must = p.sparse && act ? statement(p, anyMust, 160) : '';
    if (told) full(told.kind, told.text);
    else if (/(?:^|\.)consent\.|^consent-/.test(location.hostname)) full('consent', p.heads[0] || location.hostname);
    else if (captchaPath.test(location.pathname) && p.sparse || p.sparse && (says(p, anyCaptcha, 160) || forms.length <= 2 && !inMain && A.all(captchaWidget).some((w) => w.type === 'hidden' ? forms.length : shown(w) && w.getBoundingClientRect().width > 150))) full('captcha', says(p, anyCaptcha, 160) || p.heads[0] || '');
    else if (p.sparse && sentHere() && forms.some((e) => !e.closest(frame))) full('login', p.heads[0] || '');
    else if (strange && strange[0] !== 'wait') full(...strange);
    else if (inMain && (out.path || p.sparse && beside < 3) || out.path && act && p.sparse) full('login', p.heads[0] || '');
    else if (p.sparse && act && (p.heads.some((h) => anyMust.test(h)) || must.length * 2 > p.main || p.main < 100 && (must || A.all(actions).some((b) => shown(b) && !b.closest(frame) && anyMust.test(A.label(b)))))) full('login', must || p.heads[0] || '');
    else if (p.sparse && says(p, anyMembers, 160)) full('members', says(p, anyMembers, 160));
    else if (p.sparse && says(p, age, 160) && A.all('main button,main a,main select,main input,body button,body select,[role=button]').some((b) => shown(b) && !b.closest(frame) && (b.localName === 'select' || ageAct.test(A.label(b))))) full('age', says(p, age, 160));
    else if (p.sparse && A.asksAge(document.body, p.heads.join(' \n ') + ' \n ' + A.clean(document.body.innerText).slice(0, 600))) full('age', p.heads[0] || '');
    else if (p.bare && says(p, anyGeo, 160)) full('geo', says(p, anyGeo, 160));
    else if (p.bare && says(p, anyRate, 120)) full('rate', says(p, anyRate, 120));
    else if (p.bare && says(p, anyGone, 140)) full('gone', says(p, anyGone, 140));
    else if (p.bare && says(p, anyBrowser, 140)) full('browser', says(p, anyBrowser, 140));
    else if (p.bare && says(p, anyFault, 140)) full('fault', says(p, anyFault, 140));
    else if (strange) full(...strange);
    else if (A.phrases.before.test(p.heads.join(' \n ')) || statement(p, A.phrases.before, 160)) out.doubt = p.heads.find((h) => A.phrases.before.test(h)) || statement(p, A.phrases.before, 160);
    else if ((out.text = statement(p, empty, 110))) out.empty = true; // a feed that merely shows nothing may have failed
    return out;
  };

  // gone waits until a layer is no more to be seen, 1.2 s at most.
  A.gone = async (el) => {
    for (const end = performance.now() + 1200; performance.now() < end && el.isConnected && shown(el) && A.extent(el).cover > 0;) await new Promise((r) => setTimeout(r, 15));
  };
  // closeWall presses the way out of the dialogs that bar the way, where they offer one, and waits until they are gone.
  A.closeWall = async () => {
    for (const o of A.layers().list) {
      const l = loginish(o.el);
      if (!l.pw && !l.act) continue;
      const c = A.closer(o.el);
      if (!c) continue;
      const name = A.label(c) || 'stäng';
      A.press(c);
      await A.gone(o.el);
      return name;
    }
    return '';
  };
  // setAside hides what bars the way, so that what was there before it came can be read; it returns the keys of the posts that were.
  A.setAside = () => {
    const keys = A.find().map(A.key);
    for (const o of A.layers().list) if (o.cover >= 0.3 || o.dialog || loginish(o.el).pw) o.el.style.setProperty('visibility', 'hidden', 'important'), A.deep(o.el, '*').forEach((k) => { if (A.css(k).visibility === 'visible') k.style.setProperty('visibility', 'hidden', 'important'); });
    if (A.locked()) A.unlock();
    return keys;
  };
})();
