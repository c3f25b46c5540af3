package sites

// topic is one kind of thing that a municipality writes about. Leads open a post, bodies carry it on. Slots in braces are filled by
// writer.fill; dates in slots lie some days after the post.
type topic struct {
	scene  string // which picture fits
	emoji  []string
	tags   []string
	leads  []string
	bodies []string
	months string // Swedish months' numbers when the topic fits, as a set of letters a-l; empty means always
}

var topics = []topic{
	{scene: "vag", emoji: []string{"🚧", "🚗"}, tags: []string{"trafik", "vägarbete"},
		leads:  []string{"Nu börjar vi bygga om {gata}!", "Vägarbete på {gata} från och med {dag}.", "{gata} stängs av för genomfartstrafik."},
		bodies: []string{"Arbetet pågår mellan klockan {tid} och {tid2} och beräknas vara klart {datum}.", "Räkna med längre restid och följ skyltningen på plats. Räddningstjänst och hemtjänst kommer alltid fram.", "Gående och cyklister leds om via {gata2}.", "Vi byter ut gamla vattenledningar samtidigt, så att vi slipper gräva två gånger."}},
	{scene: "vatten", emoji: []string{"💧", "⚠️"}, tags: []string{"vatten", "driftstörning"},
		leads:  []string{"Vattenläcka på {gata}.", "Just nu saknar flera hushåll på {plats} vatten.", "Vattnet är tillbaka på {plats}! 🙌"},
		bodies: []string{"Vår personal är på plats och felsöker.", "Vattentanken står uppställd vid {skola}. Ta med egna kärl.", "När vattnet kommer tillbaka kan det vara missfärgat. Spola då en stund i kallvattenkranen.", "Vi beräknar att läckan är lagad till klockan {tid2}."}},
	{scene: "bibliotek", emoji: []string{"📚", "☕"}, tags: []string{"biblioteket", "läslust"},
		leads:  []string{"Välkommen till bokfrukost på biblioteket {dag}!", "Meröppet på biblioteket i {plats}.", "Har du läst något bra på sistone?"},
		bodies: []string{"Vi bjuder på kaffe, te och smörgås och tipsar om höstens nya böcker.", "Ingen föranmälan, först till kvarn gäller de {tal} platserna.", "Med ditt lånekort och din PIN-kod kan du komma in mellan klockan {tid} och 22.00, alla dagar i veckan.", "Lämna gärna ditt bästa boktips i en kommentar, så ställer vi fram böckerna på ett eget bord i entrén."}},
	{scene: "skola", emoji: []string{"🎒", "✏️"}, tags: []string{"skola", "förskola"},
		leads:  []string{"Öppet hus på {skola} {dag}.", "Snart dags att välja skola till hösten.", "Årskurs 5 på {skola} har skrivit en egen bok om vår bygd!"},
		bodies: []string{"Elever och lärare visar runt mellan klockan {tid} och {tid2}.", "Du gör ditt val i e-tjänsten senast {datum}.", "Boken går att låna på biblioteket, och den {datum} läser eleverna högt i Kulturhuset.", "Under lovet är fritids öppet som vanligt för alla som har anmält behov."}},
	{scene: "fullmaktige", emoji: []string{"🏛️", "🗳️"}, tags: []string{"kommunfullmäktige", "demokrati"},
		leads:  []string{"Kommunfullmäktige sammanträder {dag} klockan {tid}.", "Så beslutade kommunfullmäktige i går.", "Budgeten för nästa år är antagen."},
		bodies: []string{"På dagordningen står bland annat ny översiktsplan, taxa för barnomsorg och svar på tre medborgarförslag.", "Mötet är öppet för allmänheten och sänds på vår webbplats.", "Handlingarna finns att läsa i kommunhuset och på vår anslagstavla.", "Totalt avsätts {tal} miljoner kronor till ny- och ombyggnad av skolor och förskolor."}},
	{scene: "aterbruk", emoji: []string{"♻️", "🌍"}, tags: []string{"återbruk", "hållbarhet"},
		leads:  []string{"Återvinningscentralen i {plats} har ändrade öppettider {datum}.", "Nu får alla villor fyra nya kärl.", "Visste du att en påse matavfall räcker till {tal} meter biogasbuss?"},
		bodies: []string{"Kom ihåg att sortera hemma innan du åker, så går det snabbare på plats.", "I Återbruket kan du lämna möbler, kläder och verktyg som någon annan kan ha glädje av.", "Utkörningen börjar på {gata} och fortsätter område för område.", "Lägg aldrig batterier eller elavfall i den vanliga soppåsen – de kan börja brinna."}},
	{scene: "jobb", emoji: []string{"💼", "🤝"}, tags: []string{"jobb", "jobbahososs"},
		leads:  []string{"Vi söker {tal} nya kollegor!", "Vill du göra skillnad på riktigt? Bli undersköterska hos oss.", "Sök sommarjobb senast {datum}."},
		bodies: []string{"Du får en mentor, arbetskläder och lön från första dagen.", "Som feriearbetare provar du på vård, park eller förskola i tre veckor.", "Vi erbjuder heltid, friskvårdsbidrag och korta beslutsvägar.", "Frågor? Kom till vårt bord på jobbmässan i {plats} {dag}."}},
	{scene: "kultur", emoji: []string{"🎭", "🎶"}, tags: []string{"kultur", "evenemang"},
		leads:  []string{"Kulturnatten är tillbaka {dag}!", "Gratis konsert på torget klockan {tid}.", "Utställningen ”Vår älv” öppnar i Kulturhuset."},
		bodies: []string{"Det blir musik, dans och matvagnar från klockan {tid} till sent på kvällen.", "Kommunala musikskolans stråkorkester spelar tillsammans med gästande körer.", "Entrén är fri och lokalen är tillgänglig för rullstol. Hörslinga finns.", "Hela programmet hittar du på vår webbplats."}},
	{scene: "vard", emoji: []string{"❤️", "🌷"}, tags: []string{"äldreomsorg", "omsorg"},
		leads:  []string{"Vårt nya äldreboende på {gata} tar form.", "Träffpunkten i {plats} öppnar igen {dag}.", "I dag firar vi alla som arbetar inom vård och omsorg!"},
		bodies: []string{"Huset får {tal} lägenheter, en stor innergård och ett eget kök.", "Varje torsdag blir det gymnastik, fika och högläsning.", "Anhörigstödet har öppet hus och svarar på frågor.", "Tack för det ni gör, dag som natt, vardag som helg."}},
	{scene: "vinter", emoji: []string{"❄️", "⛄"}, tags: []string{"snöröjning", "vinter"}, months: "klabc",
		leads:  []string{"Snö på väg! Så här plogar vi.", "Halt på gång- och cykelvägar i morgon bitti.", "Skridskobanan vid {skola} är spolad!"},
		bodies: []string{"Först tar vi de stora vägarna, busslinjerna och gång- och cykelvägarna, sedan bostadsgatorna.", "Som fastighetsägare ansvarar du för trottoaren utanför din tomt.", "Sand får du hämta gratis vid förrådet på {gata}.", "Flytta gärna bilen från gatan, så kommer plogen fram."}},
	{scene: "bad", emoji: []string{"🏊", "☀️"}, tags: []string{"bad", "sommar"}, months: "efgh",
		leads:  []string{"Nu är badsäsongen i gång!", "Simskola på {plats} – anmäl senast {datum}.", "Badvattnet på {plats} är provtaget och tjänligt."},
		bodies: []string{"Vattnet håller {tal} grader och kiosken har öppet till klockan {tid2}.", "Simskolan är gratis för alla barn som har gått ut förskoleklass.", "Tänk på att aldrig lämna barn utan uppsikt vid vattnet.", "Hundar är välkomna på hundbadet, men inte vid de vanliga bryggorna."}},
	{scene: "skog", emoji: []string{"🔥", "🌲"}, tags: []string{"eldningsförbud", "brandrisk"}, months: "defgh",
		leads:  []string{"Eldningsförbud gäller från och med i dag i hela kommunen.", "Eldningsförbudet är hävt!", "Mycket stor brandrisk i skog och mark."},
		bodies: []string{"Det är förbjudet att göra upp eld utomhus, även på iordningställda grillplatser.", "På egen tomt får du grilla om elden inte kan sprida sig.", "Ring 112 om du ser rök eller eld.", "Släck ordentligt, ha vatten nära till hands och stanna kvar tills glöden är kall."}},
	{scene: "plan", emoji: []string{"🏗️", "🗺️"}, tags: []string{"samhällsbyggnad", "detaljplan"},
		leads:  []string{"Tyck till om detaljplanen för {plats}!", "Nu är samrådet för kvarteret vid {gata} öppet.", "Så här kan nya {plats} komma att se ut."},
		bodies: []string{"Förslaget innehåller {tal} bostäder, en förskola och en park längs ån.", "Lämna dina synpunkter skriftligt senast {datum}.", "Vi håller öppet samrådsmöte i matsalen på {skola} {dag} klockan {tid}.", "Planhandlingarna finns i kommunhusets reception."}},
	{scene: "sport", emoji: []string{"⚽", "🏒"}, tags: []string{"fritid", "föreningsliv"},
		leads:  []string{"Nya konstgräsplanen på {plats} är klar!", "Dags för föreningar att söka bidrag.", "Utegymmet vid {gata} invigs {dag}."},
		bodies: []string{"Vi klipper bandet klockan {tid} och bjuder på korv.", "Ansökan görs i e-tjänsten senast {datum}.", "Planen är upplyst till klockan 21 och går att boka för alla föreningar.", "Ungdomsrådet har själva valt redskapen."}},
	{scene: "natur", emoji: []string{"🌿", "🥾"}, tags: []string{"natur", "friluftsliv"},
		leads:  []string{"Höstens finaste vandring? Vi tipsar om leden runt {plats}.", "Nu är naturreservatet vid {plats} invigt.", "Vi slår ängen vid {gata} med lie {dag}."},
		bodies: []string{"Slingan är {tal} hundra meter lång, och halva sträckan går att ta sig fram med barnvagn.", "Längs stigen finns vindskydd, eldstad och ved.", "Ta med skräpet hem och håll hunden kopplad, för djurens skull.", "Där blommar kattfot, slåttergubbe och jungfrulin."}},
	{scene: "beredskap", emoji: []string{"📻", "🔦"}, tags: []string{"krisberedskap", "trygghet"},
		leads:  []string{"Beredskapsveckan är här. Klarar du en vecka utan el?", "Hesa Fredrik ljuder måndag klockan 15.", "Vi öppnar trygghetspunkten i {skola}."},
		bodies: []string{"Packa ner vatten, mat som håller, radio, ficklampa och varma kläder.", "Det är bara ett prov – du behöver inte göra något.", "Hit kan du komma för att värma dig, ladda telefonen och få information.", "Prata med grannarna om hur ni kan hjälpa varandra."}},
	{scene: "ung", emoji: []string{"🎨", "🛹"}, tags: []string{"ungdom", "lov"},
		leads:  []string{"Höstlov! Här är alla gratisaktiviteter.", "Fritidsgården i {plats} har nya öppettider.", "Ungdomsfullmäktige söker dig mellan 13 och 19 år."},
		bodies: []string{"Prova på klättring, keramik, skejt och programmering.", "Vi har öppet måndag till fredag från klockan {tid}.", "Buss går från {gata} klockan {tid}, hemresa klockan {tid2}.", "Anmäl dig på plats – det finns {tal} platser varje dag."}},
	{scene: "foretag", emoji: []string{"📈", "🏆"}, tags: []string{"näringsliv", "företagare"},
		leads:  []string{"Grattis till Årets företagare!", "Frukostmöte för företagare {dag} klockan 07.30.", "Nu kan du söka serveringstillstånd helt digitalt."},
		bodies: []string{"Juryn lyfte fram modet att anställa unga och att satsa på bygden.", "På programmet: ny upphandling, elnätet i {plats} och mingel.", "Kostnadsfritt, men anmäl dig senast {datum}.", "Handläggningstiden är i dag {tal} dagar, och vi arbetar för att den ska bli kortare."}},
}

// endings close a post; every one holds the number that makes the post findable: {ref}.
var endings = []string{
	"Läs mer: https://alvsunda.example/n/{ref}",
	"Mer information finns på https://alvsunda.example/n/{ref}",
	"Anmäl dig här 👉 https://alvsunda.example/anmalan/{ref}",
	"Ärende KS 2026-{ref}",
	"Referens: TK-{ref}",
	"Frågor? Ring kontaktcenter på 0999-{ref} eller skriv till kontakt@alvsunda.example.",
}

var places = []string{"Älvsunda", "Norrbyn", "Åsmon", "Sörängen", "Kvarnholmen", "Ödesjö", "Hästhagen", "Björkliden", "Älgåsen", "Strömsnäs", "Täppan", "Västra hamnen"}

var streets = []string{"Storgatan", "Kyrkogatan", "Järnvägsgatan", "Ängsvägen", "Älvgatan", "Skolgatan", "Åkervägen", "Tallstigen", "Björkgatan", "Kvarnvägen",
	"Södra Esplanaden", "Hantverkargatan", "Brogatan", "Slåttervägen", "Lärkvägen", "Österlånggatan", "Trädgårdsgatan", "Fågelvägen", "Smedjegatan", "Hamngatan"}

var schools = []string{"Åsskolan", "Älvskolan", "Björkskolan", "Norrbyskolan", "Kvarnskolan", "Ängsskolan", "Strömsnässkolan"}

var firstNames = []string{"Maja", "Åsa", "Göran", "Elif", "Björn", "Ingrid", "Omar", "Sölve", "Karin", "Lars-Åke", "Amina", "Östen", "Frida", "Jörgen", "Leila", "Märta",
	"Kjell", "Zahra", "Håkan", "Ebba", "Ulla-Britt", "Mikael", "Saga", "Tomasz", "Anneli", "Pär", "Hülya", "Rut", "Sixten", "Siv"}

var lastNames = []string{"Lindkvist", "Ågren", "Sjölander", "Yıldız", "Öberg", "Hellström", "Farah", "Nyström", "Bäckman", "Åkerblom", "Kowalczyk", "Vikström", "Hägg",
	"Strömbäck", "Niemi", "Tägtström", "Ek", "Rönnqvist", "Sandgren", "Haddad", "Ljungh", "Molin", "Väisänen", "Gråberg"}
