package sites

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strconv"
	"strings"
)

const svgHead = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">`

// vector draws the pictures that are SVG: the account's arms, faces of people, emoji, and illustrations.
func vector(scene, key string) []byte {
	switch scene {
	case "vapen":
		return arms()
	case "face":
		return face(key)
	case "emoji":
		return emojiPicture(key)
	}
	return illustration(scene, key)
}

// arms are those of a municipality that does not exist: a river and an annual ring.
func arms() []byte {
	return []byte(fmt.Sprintf(svgHead, 100, 100, 100, 100) + `<rect width="100" height="100" fill="#fff"/>
<path d="M18 12h64v38c0 22-16 34-32 40-16-6-32-18-32-40z" fill="#1f5f8b"/><path d="M18 50c0 22 16 34 32 40 16-6 32-18 32-40z" fill="#2f7d4f"/>
<path d="M18 46c11-7 21-7 32 0s21 7 32 0v9c-11 7-21 7-32 0s-21-7-32 0z" fill="#f3d35a"/>
<circle cx="50" cy="30" r="11" fill="none" stroke="#f3d35a" stroke-width="3"/><circle cx="50" cy="30" r="5" fill="#f3d35a"/></svg>`)
}

// face is a person's round picture: "<colour>-<initials>".
func face(key string) []byte {
	colour, letters, _ := strings.Cut(key, "-")
	return fmt.Appendf(nil, svgHead+`<circle cx="20" cy="20" r="20" fill="#%s"/><text x="20" y="26" font-family="Liberation Sans, Arial, sans-serif" font-size="16" fill="#fff" text-anchor="middle">%s</text></svg>`,
		40, 40, 40, 40, html.EscapeString(colour), html.EscapeString(letters))
}

// emojiPicture is an emoji as the platforms draw them: a picture; key is the code point.
func emojiPicture(key string) []byte {
	code, _ := strconv.ParseInt(key, 16, 32)
	return fmt.Appendf(nil, svgHead+`<text x="18" y="31" font-size="30" text-anchor="middle">%s</text></svg>`, 36, 36, 36, 36, html.EscapeString(string(rune(code)))+"\ufe0f")
}

// illustration is a drawn picture of 20-40 kB.
func illustration(scene, key string) []byte {
	h := hash64(scene, key)
	r := rand.New(rand.NewPCG(h, 3))
	colours := []string{"#0b5a7a", "#f3d35a", "#2f7d4f", "#e4572e", "#17bebb", "#f7f3e8", "#8a5a44"}
	var b strings.Builder
	fmt.Fprintf(&b, svgHead+`<rect width="960" height="640" fill="%s"/>`, 960, 640, 960, 640, colours[h%5])
	for range 320 {
		c := colours[r.IntN(len(colours))]
		x, y, s := r.IntN(960), r.IntN(640), 8+r.IntN(46)
		switch r.IntN(3) {
		case 0:
			fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="%d" fill="%s" fill-opacity="0.7"/>`+"\n", x, y, s, c)
		case 1:
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s" transform="rotate(%d %d %d)"/>`+"\n", x, y, s, s/2, c, r.IntN(90), x, y)
		default:
			fmt.Fprintf(&b, `<path d="M%d %dl%d %dl%d %dz" fill="%s"/>`+"\n", x, y, s, s, -2*s, s/3, c)
		}
	}
	titles := map[string]string{"jobb": "Jobba hos oss", "ung": "Häng med!", "foretag": "Företag växer här", "plan": "Tyck till"}
	fmt.Fprintf(&b, `<rect x="180" y="250" width="600" height="140" rx="16" fill="#fff"/><text x="480" y="342" font-family="Liberation Sans, Arial, sans-serif" font-size="64" font-weight="700" text-anchor="middle" fill="#12303f">%s</text></svg>`,
		titles[scene])
	return []byte(b.String())
}
