package sites

import (
	"strconv"
	"strings"
)

// gone marks the place of a removed post in the page's order.
const gone = -1

// goneText is what stands there.
const goneText = "Det här inlägget är inte längre tillgängligt. Det kan ha tagits bort av den som publicerade det."

// removeSome puts a sentence in the place where every seventh post would have come.
func removeSome(f *feed) {
	var shown []int
	for i, k := range f.shown {
		if i%7 == 3 {
			shown = append(shown, gone)
			f.truth.Placeholders = append(f.truth.Placeholders, goneText)
		}
		shown = append(shown, k)
	}
	f.shown = shown
}

// shuffleNear ranks the feed: posts lie up to ten places away from where their time would put them.
func shuffleNear(f *feed, w *writer) {
	for i := range f.shown {
		j := i + w.r.IntN(min(10, len(f.shown)-i))
		f.shown[i], f.shown[j] = f.shown[j], f.shown[i]
	}
}

// addPictures gives every third post five pictures.
func addPictures(s *spec, f *feed, w *writer) {
	for i := range f.truth.Posts {
		p := &f.truth.Posts[i]
		for k := len(p.Media); i%3 == 0 && k < 5; k++ {
			scene := pick(w, topics).scene
			alt := pick(w, alts[scene])
			p.Media = append(p.Media, Media{Kind: "image", URL: s.path() + "media/" + scene + "-" + p.ID + strconv.Itoa(k) + ".jpg", Alt: &alt})
		}
	}
}

// stretch makes the third post about 9,000 px high.
func stretch(f *feed, w *writer) {
	if len(f.truth.Posts) < 3 {
		return
	}
	p := &f.truth.Posts[2]
	lines := []string{"Hela listan över gator, i den ordning de plogas:"}
	for n := 1; n <= 350; n++ {
		lines = append(lines, strconv.Itoa(n)+". "+w.address()+", "+pick(w, places))
	}
	p.Text += "\n\n" + strings.Join(lines, "\n")
}

// phrase is a municipal post in another language; {ref} is where the reference goes.
type phrase struct{ lang, dir, text string }

var phrases = []phrase{
	{"ar", "rtl", "مرحباً بكم في يوم المعلومات في المكتبة! 📚\nسنتحدث عن المدرسة والسكن والعمل في بلدية Älvsunda.\n\nالدخول مجاني والقهوة مجانية. الرقم المرجعي: {ref}"},
	{"he", "rtl", "ברוכים הבאים לספרייה העירונית.\nהשירות פתוח בימים שני עד שישי, 8:00–16:00.\n\nמספר פנייה {ref}"},
	{"zh", "ltr", "市政府通知:下周一起,Storgatan 街道施工,请绕行。\n公共汽车 4 路改道。\n\n编号 {ref}"},
	{"ja", "ltr", "図書館からのお知らせ。\n土曜日は「おはなし会」を行います。ぜひご参加ください。\n\n受付番号 {ref}"},
	{"ko", "ltr", "시립 도서관에 오신 것을 환영합니다.\n토요일에는 어린이를 위한 책 읽기 시간이 있습니다.\n\n번호 {ref}"},
	{"fi", "ltr", "Tervetuloa kirjaston suomenkieliseen kahvihetkeen!\nTarjolla pullaa ja hyviä kirjavinkkejä.\n\nViite {ref}"},
	{"se", "ltr", "Bures boahtin girjerádjosii!\nMii lohkat sámegiel mánáidgirjjiid juohke lávvordaga.\n\nČujuhus {ref}"},
	{"fa", "rtl", "به کتابخانه شهر خوش آمدید.\nکلاس رایگان زبان سوئدی هر سه\u200cشنبه ساعت ۱۷ برگزار می\u200cشود.\n\nشماره پیگیری {ref}"},
}

// translate writes two of three posts in other languages, some of them mixed with Swedish.
func translate(f *feed, w *writer) {
	for i := range f.truth.Posts {
		if i%3 == 2 {
			continue
		}
		p, ph := &f.truth.Posts[i], phrases[(i-i/3)%len(phrases)]
		ref := w.ref()
		p.Lang, p.Dir, p.Mark, p.Links = ph.lang, ph.dir, ref, []string{}
		p.Text = strings.ReplaceAll(ph.text, "{ref}", ref)
		if i%9 == 4 {
			p.Text += "\n\n(På svenska: Välkommen till biblioteket!)"
		}
	}
}
