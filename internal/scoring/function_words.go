package scoring

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A tongue is a language that is told by its function words, and by letters that
// few languages have. The list holds the languages that a model of ours serves,
// their neighbours, which must not be taken for them, and the most widely
// written others.
type tongue struct{ code, words, letters string }

var tongues = []tongue{
	{"en", "the and of to for with that this will our are from have which their they it is be can has not by as more who how people these been an in on we you or was all at", ""},
	{"es", "el la los las un una unos unas y en de del con por para que es se su sus lo más pero como al este esta estos estas son también hay muy ya nuestro nuestra nuestros nuestras ser sin sobre entre cuando o no a cada donde quienes nos mediante según está están tiene tienen puede pueden les porque nadie fue hasta solo quien todavía necesita existe existen", "ñ¿¡"},
	{"pt", "o os a as um uma uns umas e em de do da dos das no na nos nas com por para que é se seu sua seus suas ao à aos às mais mas como são também há muito já nosso nossa nossos nossas não ser sem sobre entre quando ou cada onde pelo pela isso este esta está estão tem têm pode podem através nós você vocês eles uso foi até só quem porque ainda deve seria", "ãõ"}, //nolint:misspell // it is no English
	{"fr", "le la les l un une et en de d du des avec pour que qui est se s son sa ses au aux plus mais comme sont aussi il elle nous vous notre nos leur leurs ce cette ces dans sur par ne n pas être sans entre ou où chaque à c qu ont a peut afin", "œèêùû"},
	{"it", "il lo la l i gli le un una uno e ed in di da dal del dello della dei delle degli con per che è si suo sua al alla ai alle più ma come sono anche non molto già nostro nostra essere senza su sul tra nel nella questo questa ogni o a ha può", "ìò"},
	{"ca", "el la els les l un una i en de d del dels amb per que és es se seu seva seus al als més però com aquest aquesta són també hi molt ja nostre nostra no ser sense sobre entre quan o cada a on pot està perquè", ""},
	{"gl", "o os a as un unha unhas e en de do da dos das no na nos nas con por para que é se seu súa ao á aos ás máis pero como son tamén hai moi xa noso nosa non ser sen sobre entre cando ou cada onde polo pola isto pode está ten foi ninguén porque aínda", ""},
	{"ro", "și în de la cu pentru care este un o nu pe din sau mai dar prin fi sunt lor noastră nostru acest această ca să se al ale a fiecare unde ai", "ășțţş"},
	{"de", "der die das und in zu den mit für von ist ein eine nicht auf dem sich des im auch werden wir sie es bei nach einer einen durch oder über wird sind unser unsere um an als aus jede", "ßäöü"},
	{"nl", "de het een en van in te dat die is voor op met zijn niet aan er ook als bij door maar naar worden wij we hebben onze kunnen deze om of wordt elke", ""},
	{"af", "die en van in is nie het n vir met te wat ons aan om word elke hulle sal", ""},
	{"sv", "och att det som en på är av för med den till i har de inte om ett vi kan från vår våra eller varje dem ingen in ut eftersom sig också ska", "åäö"},
	{"da", "og at det som en på er af for med den til i har de ikke om et vi kan fra vores eller hver dem ingen ind ud fordi der sig også skal", "åæø"},
	{"nb", "og å det som en på er av for med den til i har de ikke om et vi kan fra vår våre eller hver dem ingen fordi seg også skal", "åæø"},
	{"fi", "ja on ei se että joka mutta myös kun tai voi ovat sen tämä kuin niin me jotka", "äö"},
	{"et", "ja on ei et see ka kui oma mis või ning meie iga", "äöõü"},
	{"pl", "i w na z do nie się jest że o to dla po przez od jak są oraz za lub który która które aby ich nasz nasze każdy", "łąęśżźńć"},
	{"cs", "a v na je se že s z do pro jako by to i o k ale po které který jsou nebo od při naše každý", "řěůčžš"},
	{"sk", "a v na je sa že s z do pre ako by to i o k ale po ktoré ktorý sú alebo od pri naše každý", "ľĺŕäčžš"},
	{"hr", "i u na je se da za od s su koji koja ili kao što o po iz ne naš svaki", "đćčžš"},
	{"sl", "in v na je se da za od s so ki ali kot o po iz ne tudi naš vsak", "čžš"},
	{"hu", "a az és hogy nem is egy ez de meg csak vagy mint van ha minden ami", "őű"},
	{"tr", "ve bir bu için ile de da olarak çok daha olan gibi veya biz her en kadar ama", "ığş"},
	{"vi", "và của là các một có cho được trong với những người không để này chúng tôi từ đã tại", "ơưđạảấầậắặẹếềệểịọộốồổớờợụủứừựữ"},
	{"id", "yang dan di untuk dengan dari ini itu pada adalah tidak akan kami mereka ke dalam juga oleh atau sebagai setiap", ""},
	{"sw", "ya na wa kwa ni katika za la cha kama hii yetu wetu watu sana hiyo au bila kila wao", ""},
	{"tl", "ang ng sa na mga ay at ito para kung hindi namin ating nila bawat", ""},
	{"lv", "un ir ka no ar par uz kas tas vai mēs mūsu katrs", "āēīūņļķģ"},
	{"lt", "ir yra kad į iš su tai kaip ar mūsų bet kiekvienas", "ėųūįąę"},
	{"sq", "dhe të në e i për me një që nga është si tonë çdo", "ë"},
	{"eu", "eta da ez bat du dira ere egin gure dute hau izan", ""},
	{"eo", "la kaj de en estas al por ne kun kiu ni nia ĉiu el", "ĉĝŝŭ"},
	{"la", "et in est non ad cum ut sed qui quae quod ex per ab atque esse sunt nec", ""},
	{"oc", "lo los las lei dins per que amb es son pas dels del e un una nos lor aquesta aquel mai cada", ""},
	{"cy", "mae yn y yr ac ar am nad ei eu gan wedi sydd ein bod neu bob hwn", "ŵŷ"},
	{"ga", "tá ag agus an na ar le is do i ní sin bhfuil gach seo mar", ""},
	{"is", "og að í á er við sem ekki um til en af þeim því það hver", "þð"},
	{"ht", "ak nan pou yo ki se li nou yon pa sou gen tout moun chak", ""},

	{"ru", "и в во не на что с со по для это как мы из от к у о они их который которая которое которые которых или также более так все но за его наш наша наши быть чтобы при может могут каждый нет есть если этот эта эти этого том был было были будет будут можно нужно нам себя только уже очень без до после между через где когда", "ыэё"},
	{"uk", "і й в у не на що з із по для це як ми від до вони їх який яка яке які яких або також більш так всі але за його наш наша наші бути щоб при може можуть кожен та є якщо цей ця ці цього був було були буде будуть можна треба нам тільки вже дуже без після між через де коли бо", "іїєґ"},
	{"be", "і ў у не на што з па для гэта як мы ад да яны іх які якая якія або таксама больш так усе але за яго наш наша быць каб пры можа кожны", "іўыэё"},
	{"bg", "и в във не на че с със по за това как ние от към у те който която което които или също повече така всички но наш наша да се са ще е при може могат всеки си има ако този тази тези беше бяха трябва ни само вече много без до след между чрез къде кога ги го им", "ъ"},
	{"sr", "и у не на да с по за то као ми из од је се су који која или њих наш сваки што може", "јљњђћџ"},
	{"mk", "и во не на да со по за тоа како ние од е се кои која или нив наш секој што може ги им никој бидејќи", "јќѓѕљњџ"},
	{"kk", "және бір бұл үшін мен осы болып әр біз олар бар", "әқңғүұһөі"},
	{"mn", "нь бол ба энэ байна бид тэд бүр дээр", "өү"},
}

// masks says which of tongues use a word or a letter, one bit each.
type masks[K comparable] map[K]uint64

var wordTongues, letterTongues = func() (masks[string], masks[rune]) {
	words, letters := masks[string]{}, masks[rune]{}
	for i, t := range tongues {
		for w := range strings.FieldsSeq(t.words) {
			words[w] |= 1 << i
		}
		for _, r := range t.letters {
			letters[r] |= 1 << i
		}
	}
	return words, letters
}()

// evidence is what a text's words and letters say for each of tongues. A word
// that k languages share is worth 1/k to each, a letter half of that.
type evidence struct {
	words int
	worth [64]float64 // by index in tongues
}

func (e *evidence) add(mask uint64, worth float64) {
	worth /= float64(bits.OnesCount64(mask))
	for ; mask != 0; mask &= mask - 1 {
		e.worth[bits.TrailingZeros64(mask)] += worth
	}
}

// longestWord of tongues, in bytes.
const longestWord = 24

// weigh collects the evidence of a text.
func weigh(text string) evidence {
	var e evidence
	var lower [longestWord + utf8.UTFMax]byte
	key := lower[:0]
	long := false
	end := func() {
		if len(key) > 0 {
			e.words++
			if mask := wordTongues[string(key)]; mask != 0 && !long {
				e.add(mask, 1)
			}
		}
		key, long = lower[:0], false
	}
	for _, r := range text {
		if r < utf8.RuneSelf {
			if r |= 0x20; 'a' <= r && r <= 'z' {
				if long = long || len(key) >= longestWord; !long {
					key = append(key, byte(r))
				}
			} else {
				end()
			}
			continue
		}
		r = unicode.ToLower(r)
		if mask := letterTongues[r]; mask != 0 {
			e.add(mask, 0.5)
		}
		if !unicode.IsLetter(r) {
			end()
		} else if long = long || len(key) >= longestWord; !long {
			key = utf8.AppendRune(key, r)
		}
	}
	end()
	return e
}

// best returns the two most likely of tongues by index, the better first.
func (e *evidence) best() (first, second int) {
	first, second = 0, 1
	if e.worth[1] > e.worth[0] {
		first, second = 1, 0
	}
	for i := 2; i < len(tongues); i++ {
		switch {
		case e.worth[i] > e.worth[first]:
			first, second = i, first
		case e.worth[i] > e.worth[second]:
			second = i
		}
	}
	return first, second
}
