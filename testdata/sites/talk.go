package sites

// questions, thanks and the rest are what visitors write below posts. Every one holds {adr}, an address that occurs only once on a site.
var remarks = []string{
	"Vad bra! Vi på {adr} har väntat länge på det här 👏",
	"Gäller det även {adr}?",
	"Hur blir det för oss som bor på {adr}?",
	"Tack för informationen! Hälsningar från {adr}.",
	"Samma problem här på {adr} sedan i måndags.",
	"Äntligen! 🎉 Då kanske det händer något vid {adr} också.",
	"Varför får vi veta det först nu? Utanför {adr} har det sett ut så här i flera veckor.",
	"Jag har ringt tre gånger om {adr} utan att få svar 😡",
	"Bra jobbat, hälsa alla som sliter ute i kylan! /{adr}",
	"Finns det parkering i närheten av {adr}?",
	"Är det någon mer än jag som tycker att det är bättre vid {adr}?",
	"Vi kommer gärna, hela familjen från {adr} ❤️",
	"Kan man ta med barnvagn dit? Vi går från {adr}.",
	"Skyltningen vid {adr} är obegriplig.\nKan någon titta på det?",
	"Fint initiativ 👍👍👍 {adr} säger ja!",
	"Hur många kronor kostar det skattebetalarna? Lägg pengarna på lyktstolparna vid {adr} i stället.",
	"Min mamma på {adr} har inte internet – hur får hon reda på det här?",
	"Underbart!\n\nVi ses där. Vi är åtta stycken från {adr} som cyklar tillsammans.",
	"Det står fel tid i länken, eller hur? Jag kollade på skärmen vid {adr}.",
	"Håller inte med. Åk till {adr} en fredagskväll och se själva.",
}

// rants are long remarks, folded by the platforms that fold.
var rants = []string{
	"Jag har bott på {adr} i snart trettio år och har aldrig varit med om något liknande. Först sades det att det skulle bli klart till midsommar, sedan till skolstarten, och nu verkar ingen riktigt veta. " +
		"Det handlar inte om pengarna, utan om att vi som bor här vill kunna planera vår vardag. Skicka ut ett brev, sätt upp en lapp, vad som helst!\n\nOch till alla som skriver att vi gnäller: kom hit och bär matkassarna själva en gång. Då får ni se hur backen ser ut när det är is. " +
		"Jag menar inget illa mot dem som arbetar där ute, de gör så gott de kan.",
	"Tack till alla er som var med och städade i lördags! 🧹 Vi från {adr} fick ihop elva säckar, en cykel och – tro det eller ej – en hel soffa. Barnen var stolta, hundarna var leriga och korven tog slut på tio minuter. " +
		"Nästa år gör vi om det, och då hoppas vi att fler kommer. Det är så här man bygger en bygd, inte med stora ord utan med små handtag.\n\nSläng inte cigarettfimpar på marken, snälla. De tar längst tid att plocka.",
}

// answers are the account's own replies. {namn} is the one it answers.
var answers = []string{
	"Hej {namn}! Ja, det stämmer, {adr} ingår. /Älvsunda kommun",
	"Hej {namn}, tack för att du hör av dig. Vi har skickat din fråga om {adr} till gatuenheten.",
	"Hej {namn}! Roligt att höra. Välkommen 😊 Vi hälsar till alla på {adr}.",
	"Hej {namn}. Vi beklagar besväret. Gör gärna en felanmälan för {adr}, så att ärendet hamnar rätt.",
	"Hej {namn}! Bra fråga. Det beslutas först i samhällsbyggnadsnämnden, men {adr} finns med i underlaget.",
}

// replies are what visitors answer each other.
var replies = []string{
	"{namn} Precis vad jag tänkte! Vi ser det från {adr} varje dag.",
	"{namn} nej, det gäller bara fram till {adr}.",
	"{namn} instämmer 💯 /{adr}",
	"{namn} Ring kontaktcenter, de hjälpte oss på {adr} direkt.",
	"{namn} haha, välkommen till {adr} då 😂",
	"Jo, men {namn}, det har ju stått på kommunens sida hela tiden. Granne på {adr}",
}

// alts describe the scenes, as a careful editor would.
var alts = map[string][]string{
	"vag":         {"Vägarbete med orange koner framför en rad hus.", "Gata med avspärrning och hus i olika färger."},
	"vatten":      {"Stilla vatten med skog i bakgrunden.", "Sjö en klar dag, granar längs stranden."},
	"bibliotek":   {"Bokhyllor med färgglada bokryggar.", "Fyra hyllor fulla av böcker."},
	"skola":       {"En gul skolbyggnad med flaggstång.", "Skolbyggnad i flera våningar, flaggan är hissad."},
	"fullmaktige": {"Kommunhuset med klocktorn i dagsljus.", "Kommunhusets fasad."},
	"aterbruk":    {"Fyra sopkärl i olika färger.", "Kärl för återvinning på rad."},
	"jobb":        {"Illustration: färgglada cirklar runt ett vänligt ansikte.", "Färgglada cirklar på ljus botten."},
	"kultur":      {"Scen med strålkastare i rosa och blått.", "Publik framför en upplyst scen."},
	"vard":        {"Tulpaner i en trädgård framför ett rött hus.", "Ett rött hus med vita knutar och blommor."},
	"vinter":      {"Snötäckta granar och ett rött hus.", "Snöigt landskap i skymning."},
	"bad":         {"Badbrygga vid en sjö en solig dag.", "Blå sjö med brygga och vass."},
	"skog":        {"Tät granskog i motljus.", "Dimma över skogen."},
	"plan":        {"Ritning över nya kvarter längs ån.", "Karta med planområdet markerat."},
	"sport":       {"Grön fotbollsplan sedd uppifrån.", "Konstgräsplan med vita linjer."},
	"natur":       {"Höstfärgad skog vid en sjö.", "Kullar i olika gröna nyanser under blå himmel."},
	"beredskap":   {"Mörk gata med några få upplysta fönster.", "Stjärnhimmel över mörka hus."},
	"ung":         {"Färgglada geometriska former.", "Målad vägg i klara färger."},
	"foretag":     {"Stapeldiagram i blått och gult.", "Staplar som växer, en av dem är gul."},
}
