package sites

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
)

// canvas is a drawing at twice the picture's size; shrinking it smooths the edges.
type canvas struct {
	img *image.RGBA
	r   *rand.Rand
	w   float64
	h   float64
}

func newCanvas(seed uint64) *canvas {
	return &canvas{img: image.NewRGBA(image.Rect(0, 0, 2*pictureW, 2*pictureH)), r: rand.New(rand.NewPCG(seed, 7)), w: 2 * pictureW, h: 2 * pictureH}
}

type point struct{ x, y float64 }

// rgb reads a colour written as 0xRRGGBB.
func rgb(v uint32) color.RGBA {
	return color.RGBA{byte(v >> 16), byte(v >> 8), byte(v), 255}
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	m := func(x, y byte) byte { return byte(float64(x) + (float64(y)-float64(x))*t) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

// span colours a piece of a line.
func (c *canvas) span(x0, x1, y int, col color.RGBA) {
	x0, x1 = max(x0, 0), min(x1, int(c.w))
	if y < 0 || y >= int(c.h) || x0 >= x1 {
		return
	}
	row := c.img.Pix[y*c.img.Stride:]
	for x := x0; x < x1; x++ {
		row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = col.R, col.G, col.B, 255
	}
}

// gradient fills a band from one colour to another. Places are shares of the height.
func (c *canvas) gradient(y0, y1 float64, a, b uint32) {
	for y := int(y0 * c.h); y < int(y1*c.h); y++ {
		c.span(0, int(c.w), y, mix(rgb(a), rgb(b), (float64(y)/c.h-y0)/(y1-y0)))
	}
}

// rect fills a rectangle given in shares of the picture's width and height.
func (c *canvas) rect(x, y, w, h float64, col uint32) {
	for i := int(y * c.h); i < int((y+h)*c.h); i++ {
		c.span(int(x*c.w), int((x+w)*c.w), i, rgb(col))
	}
}

// disc fills a circle; the radius is a share of the height.
func (c *canvas) disc(x, y, r float64, col uint32) {
	cx, cy, rr := x*c.w, y*c.h, r*c.h
	for i := int(cy - rr); i <= int(cy+rr); i++ {
		if d := rr*rr - (float64(i)-cy)*(float64(i)-cy); d > 0 {
			c.span(int(cx-math.Sqrt(d)), int(cx+math.Sqrt(d)), i, rgb(col))
		}
	}
}

// poly fills a polygon given in shares.
func (c *canvas) poly(col uint32, pts ...point) {
	top, bottom := c.h, 0.0
	for _, p := range pts {
		top, bottom = min(top, p.y*c.h), max(bottom, p.y*c.h)
	}
	for y := int(top); y <= int(bottom); y++ {
		var cuts []float64
		for i, a := range pts {
			b := pts[(i+1)%len(pts)]
			ay, by, fy := a.y*c.h, b.y*c.h, float64(y)+0.5
			if (ay <= fy) != (by <= fy) {
				cuts = append(cuts, (a.x+(b.x-a.x)*(fy-ay)/(by-ay))*c.w)
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			c.span(int(cuts[i]), int(cuts[i+1]), y, rgb(col))
		}
	}
}

// ridge fills everything below an uneven line of hills.
func (c *canvas) ridge(base, height float64, col uint32) {
	p1, p2, p3 := c.r.Float64()*6, c.r.Float64()*6, c.r.Float64()*6
	tops, low := make([]int, int(c.w)), 0
	for x := range tops {
		t := float64(x) / c.w
		tops[x] = int((base - height*(0.5*math.Sin(3*t+p1)+0.3*math.Sin(7*t+p2)+0.15*math.Sin(19*t+p3))) * c.h)
		low = max(low, tops[x])
	}
	for y := max(int((base-height)*c.h), 0); y < low; y++ { // the uneven part
		for x, top := range tops {
			if y >= top {
				c.span(x, x+1, y, rgb(col))
			}
		}
	}
	for y := low; y < int(c.h); y++ {
		c.span(0, int(c.w), y, rgb(col))
	}
}

// shrink halves the drawing and adds a little grain, as a camera does.
func (c *canvas) shrink(grain int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, pictureW, pictureH))
	for y := range pictureH {
		for x := range pictureW {
			noise := 0
			switch {
			case grain > 0:
				noise = c.r.IntN(2*grain+1) - grain
			case c.r.IntN(40) == 0: // what is stored without loss bears a little only
				noise = c.r.IntN(5) - 2
			}
			for k := range 3 {
				a, b := 2*y*c.img.Stride+8*x+k, (2*y+1)*c.img.Stride+8*x+k
				v := (int(c.img.Pix[a])+int(c.img.Pix[a+4])+int(c.img.Pix[b])+int(c.img.Pix[b+4]))/4 + noise
				out.Pix[y*out.Stride+4*x+k] = byte(min(max(v, 0), 255))
			}
			out.Pix[y*out.Stride+4*x+3] = 255
		}
	}
	return out
}
