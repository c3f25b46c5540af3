package sites

import "image"

// paint draws a scene. The flat ones have no grain, as made for PNG.
func paint(scene string, variant uint64, flat bool) image.Image {
	c := newCanvas(hash64(scene, variant))
	draw := scenes[scene]
	if draw == nil {
		draw = scenes["natur"]
	}
	draw(c, variant)
	grain := 4
	if flat {
		grain = 0
	}
	return c.shrink(grain)
}

var scenes = map[string]func(*canvas, uint64){
	"natur": func(c *canvas, v uint64) { c.land(autumn(v)); c.forest(0.66, 60, autumn(v).trees) },
	"skog": func(c *canvas, v uint64) {
		c.land(misty)
		c.forest(0.62, 90, misty.trees)
		c.forest(0.85, 40, []uint32{0x16281f})
	},
	"vatten": func(c *canvas, v uint64) { c.land(summer); c.forest(0.58, 70, summer.trees); c.lake(0.6, summer) },
	"bad": func(c *canvas, v uint64) {
		c.land(summer)
		c.forest(0.5, 60, summer.trees)
		c.lake(0.52, summer)
		c.jetty()
	},
	"vinter": func(c *canvas, v uint64) {
		c.land(winter)
		c.forest(0.7, 60, winter.trees)
		c.cottage(0.2+0.1*float64(v), 0.72, 0x9c2f24, true)
	},
	"vard": func(c *canvas, v uint64) {
		c.land(summer)
		c.forest(0.62, 30, summer.trees)
		c.cottage(0.35, 0.78, 0xa63a2b, false)
		c.flowers()
	},
	"vag":         func(c *canvas, v uint64) { c.town(day, v); c.roadworks() },
	"skola":       func(c *canvas, v uint64) { c.land(summer); c.school(v) },
	"fullmaktige": func(c *canvas, v uint64) { c.town(day, v); c.townHall() },
	"kultur":      func(c *canvas, v uint64) { c.town(night, v); c.stage(v) },
	"beredskap":   func(c *canvas, v uint64) { c.town(night, v) },
	"foretag":     func(c *canvas, v uint64) { c.bars(v) },
	"bibliotek":   func(c *canvas, v uint64) { c.shelves() },
	"aterbruk":    func(c *canvas, v uint64) { c.land(summer); c.bins() },
	"sport":       func(c *canvas, v uint64) { c.pitch(v) },
	"plan":        func(c *canvas, v uint64) { c.plan() },
	"jobb":        func(c *canvas, v uint64) { c.bubbles() },
	"ung":         func(c *canvas, v uint64) { c.triangles() },
}

// season is a palette.
type season struct {
	skyTop, skyLow, far, mid, near, water, sun uint32
	trees                                      []uint32
}

var (
	summer = season{0x4f97d6, 0xcfe8f5, 0x8fb0b8, 0x5f9160, 0x4c8348, 0x3f7fae, 0xfff3c4, []uint32{0x2f6138, 0x3c7343, 0x27532f}}
	winter = season{0x6d86a8, 0xf2d9cf, 0xb9c6d6, 0xdfe7ef, 0xf4f7fa, 0xa9c0d2, 0xffe6cf, []uint32{0x3d5a5c, 0x557273, 0xdfe8ec}}
	misty  = season{0x9fb2ad, 0xe6ebe2, 0xa9bcb4, 0x6f8f80, 0x34574a, 0x6c8c8c, 0xfffbe9, []uint32{0x2a4a3d, 0x3b6050, 0x1f3b31}}
	day    = season{0x6fb1e0, 0xe9f3f8, 0x9db7c4, 0x8aa889, 0xb9b4a6, 0x3f7fae, 0xfff3c4, []uint32{0x3c7343}}
	night  = season{0x0b1030, 0x3b2f63, 0x1f2448, 0x1b2040, 0x242a46, 0x1d2b55, 0xf5f0d8, []uint32{0x141a33}}
)

func autumn(v uint64) season {
	trees := [][]uint32{{0xc2661b, 0xd98e2b, 0x8c3b1b, 0x55682d}, {0xe0a52e, 0xb8501c, 0x6f7a34}, {0x9a3f1d, 0xcf7a22, 0x4d6130}}
	return season{0x5c93c4, 0xf6e2c3, 0x9aa8ad, 0x8a8048, 0x6f7a3c, 0x4b7fa3, 0xfff0c0, trees[v%3]}
}

// land draws sky, sun and hills.
func (c *canvas) land(s season) {
	c.gradient(0, 0.7, s.skyTop, s.skyLow)
	c.disc(0.15+0.7*c.r.Float64(), 0.12+0.15*c.r.Float64(), 0.06, s.sun)
	c.ridge(0.52, 0.10, s.far)
	c.ridge(0.60, 0.07, s.mid)
	c.ridge(0.70, 0.04, s.near)
}

// forest draws conifers along a line, the nearer the larger.
func (c *canvas) forest(base float64, n int, colours []uint32) {
	for range n {
		x, size := c.r.Float64(), 0.05+0.09*c.r.Float64()
		y := base + 0.05*c.r.Float64()
		col := colours[c.r.IntN(len(colours))]
		c.rect(x-0.002, y-0.01, 0.004, 0.025, 0x4a3728)
		for k := range 3 {
			top, wide := y-size+float64(k)*size*0.25, size*(0.10+0.07*float64(k))
			c.poly(col, point{x, top}, point{x + wide, top + size*0.42}, point{x - wide, top + size*0.42})
		}
	}
}

// lake draws water with streaks of light.
func (c *canvas) lake(base float64, s season) {
	for y := base; y < 1; y += 0.004 {
		t := (y - base) / (1 - base)
		k := mix(rgb(s.skyLow), rgb(s.water), 0.35+0.65*t)
		c.rect(0, y, 1, 0.005, uint32(k.R)<<16|uint32(k.G)<<8|uint32(k.B))
	}
	for range 140 {
		y := base + (1-base)*c.r.Float64()
		c.rect(c.r.Float64(), y, 0.01+0.06*c.r.Float64(), 0.002, s.skyLow)
	}
}

// jetty draws a bathing jetty.
func (c *canvas) jetty() {
	c.poly(0xa98356, point{0.42, 0.66}, point{0.5, 0.66}, point{0.66, 1}, point{0.36, 1})
	for y := 0.67; y < 1; y += 0.02 {
		c.rect(0.4, y, 0.2, 0.002, 0x7d5f3d)
	}
}

// cottage draws a wooden house with white corners.
func (c *canvas) cottage(x, y float64, wall uint32, snow bool) {
	roof := uint32(0x3b3b40)
	if snow {
		roof = 0xf3f6f9
	}
	c.rect(x, y-0.2, 0.26, 0.22, wall)
	c.poly(roof, point{x - 0.02, y - 0.19}, point{x + 0.13, y - 0.36}, point{x + 0.28, y - 0.19})
	c.poly(wall, point{x + 0.02, y - 0.19}, point{x + 0.13, y - 0.32}, point{x + 0.24, y - 0.19})
	for _, cx := range []float64{x, x + 0.252} {
		c.rect(cx, y-0.2, 0.008, 0.22, 0xf4f1ea)
	}
	for _, wx := range []float64{x + 0.03, x + 0.17} {
		c.rect(wx, y-0.15, 0.06, 0.09, 0xf4f1ea)
		c.rect(wx+0.006, y-0.142, 0.022, 0.074, 0x35506b)
		c.rect(wx+0.032, y-0.142, 0.022, 0.074, 0x35506b)
	}
	c.rect(x+0.108, y-0.12, 0.045, 0.14, 0x2f4a3a)
}

func (c *canvas) flowers() {
	for range 260 {
		x, y := c.r.Float64(), 0.8+0.2*c.r.Float64()
		c.rect(x, y, 0.002, 0.03, 0x2f6b32)
		c.disc(x, y, 0.008+0.006*c.r.Float64(), []uint32{0xd9304f, 0xf2b632, 0xe86a9a, 0xffffff}[c.r.IntN(4)])
	}
}
