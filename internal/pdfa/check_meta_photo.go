package pdfa

import (
	"regexp"
	"strings"
)

// xmpValues are the types of single values by the names that the lists below use; nil holds any text.
var xmpValues = map[string]*regexp.Regexp{
	"text": nil, "rational": nil, "integer": xmpInteger, "real": xmpReal, "boolean": xmpBoolean, "date": xmpDate,
	"gps": regexp.MustCompile(`^[0-9]{1,3},[0-9]{1,2}(,[0-9]{1,2}|\.[0-9]+)[NSEW]$`),
}

// xmpPhoto are the properties of the schemas of photographs and films (XMP Specification, September 2005, chapter 4: tiff, exif, crs,
// xmpDM) by their types. Of a choice only the type is asked, as veraPDF does; the fields of structures are not looked into.
var xmpPhoto = map[string]string{
	"integer": `tiff:ImageWidth tiff:ImageLength tiff:SamplesPerPixel exif:PixelXDimension exif:PixelYDimension exif:FocalLengthIn35mmFilm
 crs:BlueHue crs:BlueSaturation crs:Brightness crs:ChromaticAberrationB crs:ChromaticAberrationR crs:ColorNoiseReduction crs:Contrast
 crs:CropUnits crs:GreenHue crs:GreenSaturation crs:LuminanceSmoothing crs:RedHue crs:RedSaturation crs:Saturation crs:Shadows
 crs:ShadowTint crs:Sharpness crs:Temperature crs:Tint crs:VignetteAmount crs:VignetteMidpoint xmpDM:audioSampleRate xmpDM:trackNumber
 tiff:Compression tiff:PhotometricInterpretation tiff:Orientation tiff:PlanarConfiguration tiff:YCbCrPositioning tiff:ResolutionUnit
 exif:ExposureProgram exif:MeteringMode exif:FocalPlaneResolutionUnit exif:SensingMethod exif:FileSource exif:SceneType
 exif:CustomRendered exif:ExposureMode exif:WhiteBalance exif:SceneCaptureType exif:GainControl exif:Contrast exif:Saturation
 exif:Sharpness exif:SubjectDistanceRange exif:GPSAltitudeRef exif:GPSDifferential exif:ColorSpace exif:LightSource`,
	"real":    "crs:CropTop crs:CropLeft crs:CropBottom crs:CropRight crs:CropAngle crs:CropWidth crs:CropHeight crs:Exposure xmpDM:tempo xmpDM:numberOfBeats",
	"boolean": "crs:AutoBrightness crs:AutoContrast crs:AutoExposure crs:AutoShadows crs:HasCrop crs:HasSettings xmpDM:videoAlphaUnityIsTransparent xmpDM:loop",
	"date": `tiff:DateTime exif:DateTimeOriginal exif:DateTimeDigitized exif:GPSTimeStamp xmpDM:shotDate xmpDM:videoModDate
 xmpDM:audioModDate xmpDM:metadataModDate xmpDM:releaseDate`,
	"rational": `tiff:XResolution tiff:YResolution exif:CompressedBitsPerPixel exif:ExposureTime exif:FNumber exif:ShutterSpeedValue
 exif:ApertureValue exif:BrightnessValue exif:ExposureBiasValue exif:MaxApertureValue exif:SubjectDistance exif:FocalLength
 exif:FlashEnergy exif:FocalPlaneXResolution exif:FocalPlaneYResolution exif:ExposureIndex exif:DigitalZoomRatio exif:GPSAltitude
 exif:GPSDOP exif:GPSSpeed exif:GPSTrack exif:GPSImgDirection exif:GPSDestBearing exif:GPSDestDistance xmpDM:videoPixelAspectRatio
 xmpDM:fileDataRate`,
	"gps": "exif:GPSLatitude exif:GPSLongitude exif:GPSDestLatitude exif:GPSDestLongitude",
	"text": `tiff:Make tiff:Model tiff:Software tiff:Artist exif:RelatedSoundFile exif:SpectralSensitivity exif:ImageUniqueID
 exif:GPSVersionID exif:GPSSatellites exif:GPSMapDatum exif:GPSProcessingMethod exif:GPSAreaInformation exif:ExifVersion
 exif:FlashpixVersion exif:GPSMeasureMode aux:Lens aux:SerialNumber crs:CameraProfile crs:RawFileName crs:ToneCurveName crs:Version
 xmpDM:videoFrameRate xmpDM:videoCompressor xmpDM:audioCompressor xmpDM:speakerPlacement xmpDM:tapeName xmpDM:altTapeName xmpDM:scene
 xmpDM:shotName xmpDM:shotLocation xmpDM:logComment xmpDM:absPeakAudioFilePath xmpDM:relativePeakAudioFilePath xmpDM:artist
 xmpDM:album xmpDM:genre xmpDM:copyright xmpDM:composer xmpDM:engineer xmpDM:instrument xmpDM:videoPixelDepth xmpDM:videoColorSpace
 xmpDM:videoAlphaMode xmpDM:videoFieldOrder xmpDM:pullDown xmpDM:audioSampleType xmpDM:audioChannelType xmpDM:key xmpDM:stretchMode
 xmpDM:timeSignature xmpDM:scaleType exif:GPSStatus exif:GPSSpeedRef exif:GPSTrackRef exif:GPSImgDirectionRef exif:GPSDestBearingRef
 exif:GPSDestDistanceRef crs:WhiteBalance`,
	"Seq integer":  "tiff:BitsPerSample tiff:TransferFunction tiff:YCbCrSubSampling exif:ISOSpeedRatings exif:SubjectArea exif:SubjectLocation exif:ComponentsConfiguration",
	"Seq rational": "tiff:WhitePoint tiff:PrimaryChromaticities tiff:YCbCrCoefficients tiff:ReferenceBlackWhite",
	"Alt text":     "tiff:ImageDescription tiff:Copyright exif:UserComment",
	"struct text": `exif:OECF exif:Flash exif:SpatialFrequencyResponse exif:CFAPattern exif:DeviceSettingDescription xmpDM:projectRef
 xmpDM:videoFrameSize xmpDM:videoAlphaPremultipleColor xmpDM:startTimecode xmpDM:altTimecode xmpDM:duration xmpDM:introTime
 xmpDM:outCue xmpDM:relativeTimestamp xmpDM:timeScaleParams xmpDM:resampleParams xmpDM:beatSpliceParams`,
	"Seq text":   "crs:ToneCurve",
	"Seq struct": "xmpDM:markers",
	"Bag struct": "xmpDM:contributedMedia",
}

// addPhotoTypes adds these schemas to the types of properties.
func addPhotoTypes(types map[string]xmpType) {
	for kind, names := range xmpPhoto {
		form, value, list := strings.Cut(kind, " ")
		if !list {
			form, value = "", kind
		}
		for _, n := range strings.Fields(names) {
			types[n] = xmpType{form: form, of: xmpValues[value]}
		}
	}
}
