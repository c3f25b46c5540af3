package sites

// town draws a street of houses against the sky.
func (c *canvas) town(s season, v uint64) {
	c.gradient(0, 0.8, s.skyTop, s.skyLow)
	dark := s.skyTop == night.skyTop
	c.disc(0.8, 0.16, 0.05, s.sun)
	if dark {
		for range 120 {
			c.disc(c.r.Float64(), 0.5*c.r.Float64(), 0.0015+0.002*c.r.Float64(), 0xf5f0d8)
		}
	}
	c.ridge(0.62, 0.06, s.far)
	walls := []uint32{0xd9b25f, 0xb5523b, 0xe6ddc8, 0x8f9f8a, 0xc98f6a, 0xa8b6c2}
	if dark {
		walls = []uint32{0x3a3552, 0x2d3050, 0x433a57, 0x333a55}
	}
	for i, x := 0, -0.02; x < 1; i++ {
		w, h := 0.11+0.08*c.r.Float64(), 0.25+0.2*c.r.Float64()
		c.house(x, 0.8, w, h, walls[(i+int(v))%len(walls)], dark)
		x += w
	}
	c.rect(0, 0.8, 1, 0.2, s.near)
	c.rect(0, 0.8, 1, 0.015, 0x8d8a80)
}

// house draws one front with windows.
func (c *canvas) house(x, y, w, h float64, wall uint32, dark bool) {
	c.rect(x, y-h, w, h, wall)
	roof := uint32(0x6d3b2e)
	if dark {
		roof = 0x1b1c33
	}
	c.poly(roof, point{x - 0.006, y - h}, point{x + w*0.25, y - h - 0.07}, point{x + w*0.75, y - h - 0.07}, point{x + w + 0.006, y - h})
	for wy := y - h + 0.03; wy < y-0.1; wy += 0.085 {
		for wx := x + 0.018; wx < x+w-0.03; wx += 0.038 {
			pane := uint32(0x45617a)
			if dark {
				pane = []uint32{0xf2c865, 0x20243f, 0x20243f}[c.r.IntN(3)]
			}
			c.rect(wx, wy, 0.02, 0.052, 0xf1ede3)
			c.rect(wx+0.002, wy+0.004, 0.016, 0.044, pane)
		}
	}
	c.rect(x+w*0.42, y-0.085, 0.024, 0.085, 0x3c2f28)
}

func (c *canvas) roadworks() {
	c.rect(0, 0.84, 1, 0.16, 0x55585c)
	for x := 0.02; x < 1; x += 0.12 {
		c.rect(x, 0.92, 0.06, 0.008, 0xe9e6da)
	}
	for i := range 5 {
		x, y := 0.1+0.19*float64(i), 0.9+0.02*float64(i%2)
		c.poly(0xf26a1b, point{x, y - 0.13}, point{x + 0.035, y}, point{x - 0.035, y})
		c.poly(0xffffff, point{x - 0.013, y - 0.07}, point{x + 0.013, y - 0.07}, point{x + 0.021, y - 0.045}, point{x - 0.021, y - 0.045})
		c.rect(x-0.045, y, 0.09, 0.014, 0xd4570f)
	}
}

func (c *canvas) townHall() {
	c.house(0.3, 0.82, 0.4, 0.42, 0xe9d9a8, false)
	c.rect(0.46, 0.14, 0.08, 0.3, 0xe9d9a8)
	c.poly(0x3f6d62, point{0.45, 0.15}, point{0.5, 0.02}, point{0.55, 0.15})
	c.disc(0.5, 0.25, 0.035, 0xfdfaf0)
	c.rect(0.499, 0.225, 0.003, 0.027, 0x222222)
	c.rect(0.5, 0.248, 0.012, 0.004, 0x222222)
}

func (c *canvas) school(v uint64) {
	c.house(0.12, 0.8, 0.76, 0.3, []uint32{0xe3c15a, 0xb5523b}[v%2], false)
	c.rect(0.06, 0.25, 0.004, 0.57, 0xf4f1ea)
	c.rect(0.064, 0.26, 0.11, 0.09, 0x2a62a8)
	c.rect(0.094, 0.26, 0.016, 0.09, 0xf4cf3a)
	c.rect(0.064, 0.297, 0.11, 0.018, 0xf4cf3a)
	c.rect(0, 0.8, 1, 0.2, 0xb7ad97)
}

func (c *canvas) stage(v uint64) {
	for i := range 5 {
		x := 0.1 + 0.2*float64(i)
		col := []uint32{0x8d3fa8, 0x3a63c9, 0xc93a7c}[(i+int(v))%3]
		c.poly(col, point{x, 0.08}, point{x + 0.1, 0.8}, point{x - 0.06, 0.8})
		c.disc(x, 0.08, 0.02, 0xffffff)
	}
	c.rect(0.1, 0.78, 0.8, 0.08, 0x17131f)
	for range 46 {
		x := c.r.Float64()
		c.disc(x, 0.9+0.03*c.r.Float64(), 0.03, 0x0c0a14)
		c.rect(x-0.02, 0.93, 0.04, 0.1, 0x0c0a14)
	}
}

func (c *canvas) shelves() {
	c.rect(0, 0, 1, 1, 0x5a3c26)
	colours := []uint32{0xb33a3a, 0x2f5d8a, 0xd8a53a, 0x3c7a57, 0x7a4b78, 0xe8e0cf, 0x2d2d34, 0xc46b3a, 0x5b8fa8}
	for row := range 4 {
		base := 0.245 + 0.25*float64(row)
		for x := 0.02; x < 0.97; {
			w, h := 0.012+0.018*c.r.Float64(), 0.14+0.07*c.r.Float64()
			col := colours[c.r.IntN(len(colours))]
			c.rect(x, base-h, w, h, col)
			c.rect(x+0.003, base-h+0.03, w-0.006, 0.008, 0xf0e6c8)
			x += w + 0.002
		}
		c.rect(0, base, 1, 0.016, 0x8a6238)
	}
}

func (c *canvas) bins() {
	for i, col := range []uint32{0x3b7a3d, 0x2f5f97, 0x7a5230, 0xd0a326} {
		x := 0.1 + 0.21*float64(i)
		c.poly(col, point{x, 0.5}, point{x + 0.16, 0.5}, point{x + 0.145, 0.86}, point{x + 0.015, 0.86})
		c.rect(x-0.01, 0.46, 0.18, 0.045, 0x2c3134)
		c.disc(x+0.03, 0.88, 0.03, 0x1c1f21)
		c.disc(x+0.08, 0.67, 0.045, 0xf4f1ea)
	}
}

func (c *canvas) pitch(v uint64) {
	for i := range 12 {
		col := uint32(0x3f8f45)
		if i%2 == int(v%2) {
			col = 0x469a4c
		}
		c.rect(float64(i)/12, 0, 1.0/12+0.01, 1, col)
	}
	line := uint32(0xf4f7f2)
	for _, r := range [][4]float64{{0.06, 0.08, 0.88, 0.008}, {0.06, 0.912, 0.88, 0.008}, {0.06, 0.08, 0.005, 0.84}, {0.935, 0.08, 0.005, 0.84}, {0.4975, 0.08, 0.005, 0.84},
		{0.06, 0.3, 0.12, 0.008}, {0.06, 0.7, 0.12, 0.008}, {0.175, 0.3, 0.005, 0.408}, {0.82, 0.3, 0.12, 0.008}, {0.82, 0.7, 0.12, 0.008}, {0.82, 0.3, 0.005, 0.408}} {
		c.rect(r[0], r[1], r[2], r[3], line)
	}
	c.disc(0.5, 0.5, 0.14, line)
	c.disc(0.5, 0.5, 0.132, 0x43954a)
	c.rect(0.4975, 0.36, 0.005, 0.28, line)
}

func (c *canvas) plan() {
	c.rect(0, 0, 1, 1, 0xefe9da)
	c.poly(0xa9cfe3, point{0, 0.62}, point{0.3, 0.7}, point{0.6, 0.6}, point{1, 0.72}, point{1, 0.84}, point{0.6, 0.72}, point{0.3, 0.83}, point{0, 0.75})
	for range 46 {
		x, y := c.r.Float64(), 0.55*c.r.Float64()
		w, h := 0.03+0.05*c.r.Float64(), 0.04+0.05*c.r.Float64()
		c.rect(x, y, w, h, []uint32{0xe3b98a, 0xd98f7a, 0xf0d48a, 0xb9d19a}[c.r.IntN(4)])
	}
	for _, y := range []float64{0.18, 0.4, 0.9} {
		c.rect(0, y, 1, 0.022, 0xffffff)
	}
	for _, x := range []float64{0.2, 0.55, 0.82} {
		c.rect(x, 0, 0.014, 1, 0xffffff)
	}
	for _, r := range [][4]float64{{0.34, 0.44, 0.2, 0.008}, {0.34, 0.6, 0.2, 0.008}, {0.34, 0.44, 0.005, 0.165}, {0.535, 0.44, 0.005, 0.165}} {
		c.rect(r[0], r[1], r[2], r[3], 0xc0392b)
	}
}

func (c *canvas) bars(v uint64) {
	c.rect(0, 0, 1, 1, 0x0f3d66)
	for i := range 8 {
		h := 0.1 + 0.06*float64(i) + 0.14*c.r.Float64()
		col := uint32(0x4fa3d8)
		if i == int(v%8) {
			col = 0xf4cf3a
		}
		c.rect(0.1+0.1*float64(i), 0.86-h, 0.07, h, col)
	}
	c.rect(0.07, 0.86, 0.86, 0.008, 0xffffff)
}

func (c *canvas) bubbles() {
	c.rect(0, 0, 1, 1, 0xfbe9d7)
	for range 26 {
		c.disc(c.r.Float64(), c.r.Float64(), 0.05+0.14*c.r.Float64(), []uint32{0xe4572e, 0x17bebb, 0xffc914, 0x2e282a, 0x76b041}[c.r.IntN(5)])
	}
	c.disc(0.5, 0.5, 0.3, 0xffffff)
	c.disc(0.43, 0.46, 0.07, 0xe4572e)
	c.disc(0.57, 0.46, 0.07, 0x17bebb)
	c.rect(0.38, 0.55, 0.24, 0.09, 0x2e282a)
}

func (c *canvas) triangles() {
	for i := range 14 {
		for j := range 10 {
			x, y := float64(i)/14, float64(j)/10
			col := []uint32{0xef476f, 0xffd166, 0x06d6a0, 0x118ab2, 0x073b4c, 0xf7f7f2}[c.r.IntN(6)]
			c.poly(col, point{x, y}, point{x + 0.072, y}, point{x, y + 0.1})
			col = []uint32{0xef476f, 0xffd166, 0x06d6a0, 0x118ab2, 0x073b4c, 0xf7f7f2}[c.r.IntN(6)]
			c.poly(col, point{x + 0.072, y}, point{x + 0.072, y + 0.1}, point{x, y + 0.1})
		}
	}
}
