package pdfa

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arsring/internal/validators"
)

const photoSpaces = `xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"` +
	` xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" xmlns:xmpDM="http://ns.adobe.com/xmp/1.0/DynamicMedia/"` +
	` xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" xmlns:xmpG="http://ns.adobe.com/xap/1.0/g/"`

// photoMetadata are properties of photographs and films as cameras and editors write them, right and wrong.
func photoMetadata() []string {
	seq := func(name string, items ...string) string {
		return fmt.Sprintf("<%s><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></%[1]s>", name, strings.Join(items, "</rdf:li><rdf:li>"))
	}
	one := func(name, value string) string { return fmt.Sprintf("<%s>%s</%[1]s>", name, value) }
	alt := func(name, value string) string {
		return fmt.Sprintf(`<%s><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></%[1]s>`, name, value)
	}
	parts := func(name, fields string) string {
		return fmt.Sprintf(`<%s rdf:parseType="Resource">%s</%[1]s>`, name, fields)
	}
	return []string{
		one("tiff:ImageWidth", "640") + one("tiff:XResolution", "72/1") + one("tiff:Orientation", "1") + seq("tiff:BitsPerSample", "8", "8", "8") + one("tiff:Make", "Hemkamera") + one("tiff:DateTime", "2026-10-15T08:00:00+02:00"),
		one("tiff:ImageWidth", "wide"), one("tiff:Orientation", "9"), one("tiff:BitsPerSample", "8"), seq("tiff:BitsPerSample", "many"),
		one("tiff:ResolutionUnit", "1"), one("tiff:Compression", "7"), one("tiff:NoSuchThing", "1"), seq("tiff:YCbCrSubSampling", "2", "2"), seq("tiff:YCbCrSubSampling", "2", "1"),
		alt("tiff:ImageDescription", "en bro"), one("tiff:ImageDescription", "en bro"), one("tiff:Copyright", "ingen"),
		one("exif:ExposureTime", "1/125") + one("exif:ColorSpace", "1") + one("exif:PixelXDimension", "640") + one("exif:ExifVersion", "0232") + seq("exif:ISOSpeedRatings", "200") + one("exif:GPSLatitude", "59,19.8N") + one("exif:DateTimeOriginal", "2026-10-15T08:00:00"),
		one("exif:GPSLatitude", "59.33"), one("exif:ColorSpace", "2"), one("exif:ISOSpeedRatings", "200"), one("exif:LightSource", "8"), one("exif:MakerNote", "x"), one("exif:DateTimeOriginal", "2026:10:15 08:00:00"),
		parts("exif:Flash", one("exif:Fired", "True")+one("exif:Return", "0")+one("exif:Mode", "1")+one("exif:Function", "False")+one("exif:RedEyeMode", "False")),
		one("exif:Flash", "16"), parts("exif:Flash", one("exif:Return", "1")),
		seq("exif:ComponentsConfiguration", "1", "2", "3", "0"), seq("exif:ComponentsConfiguration", "1", "2"),
		one("aux:Lens", "50 mm") + one("aux:SerialNumber", "1"), one("aux:Owner", "x"),
		one("crs:Version", "2.4") + one("crs:WhiteBalance", "As Shot") + one("crs:Exposure", "+0.35") + one("crs:HasCrop", "False") + seq("crs:ToneCurve", "0, 0", "255, 255"), seq("crs:ToneCurve", "(0, 0)", "(255, 255)"),
		one("crs:WhiteBalance", "Warm"), one("crs:Exposure", "much"), one("crs:HasCrop", "false"), one("crs:Clarity", "1"), one("crs:Sharpness", "25.5"),
		one("xmpDM:audioSampleRate", "44100") + one("xmpDM:videoPixelDepth", "8Int") + one("xmpDM:artist", "kören") + parts("xmpDM:duration", one("xmpDM:value", "100")+one("xmpDM:scale", "1/25")) + parts("xmpDM:videoFrameSize", one("stDim:w", "640")+one("stDim:h", "480")+one("stDim:unit", "pixel")),
		one("xmpDM:videoPixelDepth", "9Int"), one("xmpDM:tempo", "fast"), one("xmpDM:duration", "100"), one("xmpDM:genre", ""), one("xmpDM:discNumber", "1"),
		parts("xmpDM:startTimecode", one("xmpDM:timeFormat", "25Timecode")+one("xmpDM:timeValue", "00:00:01:10")), parts("xmpDM:startTimecode", one("xmpDM:timeValue", "1 s")),
		`<xmpDM:markers><rdf:Seq><rdf:li rdf:parseType="Resource"><xmpDM:startTime>1</xmpDM:startTime><xmpDM:type>Cue</xmpDM:type></rdf:li></rdf:Seq></xmpDM:markers>`,
		`<xmpDM:markers><rdf:Seq><rdf:li rdf:parseType="Resource"><xmpDM:type>Stop</xmpDM:type></rdf:li></rdf:Seq></xmpDM:markers>`,
		`<xmpDM:contributedMedia><rdf:Bag><rdf:li rdf:parseType="Resource"><xmpDM:path>a.mov</xmpDM:path><xmpDM:managed>True</xmpDM:managed></rdf:li></rdf:Bag></xmpDM:contributedMedia>`,
	}
}

// TestPhotoMetadata: the own check and veraPDF agree on the types of the properties of photographs and films.
func TestPhotoMetadata(t *testing.T) {
	good, _ := convert(t, pagePDF("", "", ""), Options{})
	dir := t.TempDir()
	var paths []string
	cases := photoMetadata()
	for i, xmp := range cases {
		d := readBytes(t, readFile(t, good))
		sd, n := d.stream(d.catalog()["Metadata"])
		packet := bytes.Replace(sd.Raw, []byte("</rdf:RDF>"), fmt.Appendf(nil, `<rdf:Description rdf:about="" %s>%s</rdf:Description></rdf:RDF>`, photoSpaces, xmp), 1)
		d.set(n, rawStream(sd.Dict, packet, nil))
		var out bytes.Buffer
		if err := d.write(t.Context(), &out, lateStream{}); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, filepath.Join(dir, fmt.Sprintf("%d.pdf", i)))
		writeFile(t, paths[i], out.Bytes())
	}
	verdicts := validators.VeraPDF(t, "2b", paths...)
	for i, xmp := range cases {
		want := slices.Clone(verdicts[paths[i]].Failed)
		slices.Sort(want)
		if got := failedRules(checkFile(t, paths[i])); !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%s: own check %q, veraPDF %q", xmp, got, want)
		}
	}
}
