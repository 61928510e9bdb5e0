package blob

import (
	"bytes"
	"encoding/binary"
	"image"
)

// upright is the value of the Exif tag Orientation for a picture that needs no
// turning. The others, 2 to 8, are listed in Exif 2.32, section 4.6.4: a phone
// that is held sideways stores the sensor's rows and says how to turn them. The
// tag is lost when the picture is redrawn, so the turning is done here.
const upright = 1

// orientation finds the Exif tag in a JPEG file; upright when there is none or
// it cannot be read.
func orientation(file []byte) int {
	for rest := file[min(2, len(file)):]; len(rest) >= 4 && rest[0] == 0xFF; {
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xDA || size < 2 || len(rest) < 2+size { // the pixels begin, or the file is cut off
			return upright
		}
		if segment := rest[4 : 2+size]; marker == 0xE1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return tiffOrientation(segment[6:])
		}
		rest = rest[2+size:]
	}
	return upright
}

// tiffOrientation reads the first directory of the TIFF data that Exif consists of.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return upright
		}
		if order.Uint16(entries) == 0x0112 {
			if value := int(order.Uint16(entries[8:])); value >= 1 && value <= 8 {
				return value
			}
			return upright
		}
		entries = entries[12:]
	}
	return upright
}

// sideways reports whether width and height change places.
func sideways(turn int) bool { return turn >= 5 }

// turned returns the picture as it is meant to be looked at.
func turned(p *image.RGBA, turn int) *image.RGBA {
	if turn == upright {
		return p
	}
	width, height := p.Bounds().Dx(), p.Bounds().Dy()
	target := image.NewRGBA(image.Rect(0, 0, width, height))
	if sideways(turn) {
		target = image.NewRGBA(image.Rect(0, 0, height, width))
	}
	right, bottom := width-1, height-1
	for y := range height {
		for x := range width {
			tx, ty := x, y
			switch turn {
			case 2:
				tx = right - x
			case 3:
				tx, ty = right-x, bottom-y
			case 4:
				ty = bottom - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = bottom-y, x
			case 7:
				tx, ty = bottom-y, right-x
			case 8:
				tx, ty = y, right-x
			}
			copy(target.Pix[target.PixOffset(tx, ty):][:4], p.Pix[p.PixOffset(x, y):][:4])
		}
	}
	return target
}
