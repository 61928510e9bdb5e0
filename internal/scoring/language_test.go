package scoring

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// plainTexts are ideas of two sentences, made up, in the language that they are
// filed under: those that models of ours serve, and those that must not be taken
// for them.
var plainTexts = map[string][]string{
	"en": {"Old bicycles rust in cellars because nobody mends them. We collect them and lend them to pupils.", "Farmers lose a tenth of the harvest to damp. A cheap sensor warns them by text message."},
	"zh": {"旧自行车在地下室里生锈，没有人修理。我们收集并修好它们，借给学生使用。", "農民因潮濕損失一成收成。便宜的感測器會用簡訊提醒他們。"},
	"ja": {"古い自転車は誰も直さないので地下室で錆びています。私たちはそれを集めて直し、生徒に貸し出します。", "農家は湿気で収穫の一割を失っています。安いセンサーがメールで知らせます。"},
	"es": {"Las bicicletas viejas se oxidan en los sótanos porque nadie las repara. Las recogemos y las prestamos a los alumnos.", "Los agricultores pierden una décima parte de la cosecha por la humedad. Un sensor barato les avisa con un mensaje."},
	"fr": {"Les vieux vélos rouillent dans les caves parce que personne ne les répare. Nous les ramassons et les prêtons aux élèves.", "Les agriculteurs perdent un dixième de la récolte à cause de l'humidité. Un capteur bon marché les prévient par message."}, //nolint:misspell // it is no English
	"pt": {"As bicicletas velhas enferrujam nas caves porque ninguém as conserta. Nós recolhemo-las e emprestamo-las aos alunos.", "Os agricultores perdem um décimo da colheita por causa da humidade. Um sensor barato avisa-os por mensagem."},
	"ru": {"Старые велосипеды ржавеют в подвалах, потому что никто их не чинит. Мы собираем их и даём ученикам.", "Крестьяне теряют десятую часть урожая из-за сырости. Дешёвый датчик предупреждает их сообщением."},

	"de": {"Alte Fahrräder rosten in Kellern, weil niemand sie repariert. Wir sammeln sie und leihen sie den Schülern.", "Bauern verlieren ein Zehntel der Ernte durch Feuchtigkeit. Ein billiger Sensor warnt sie mit einer Nachricht."},
	"it": {"Le vecchie biciclette arrugginiscono nelle cantine perché nessuno le ripara. Le raccogliamo e le prestiamo agli alunni.", "Gli agricoltori perdono un decimo del raccolto per l'umidità. Un sensore economico li avvisa con un messaggio."},
	"ca": {"Les bicicletes velles es rovellen als soterranis perquè ningú no les arregla. Les recollim i les deixem als alumnes.", "Els pagesos perden una desena part de la collita per la humitat. Un sensor barat els avisa amb un missatge."},
	"gl": {"As bicicletas vellas oxídanse nos sotos porque ninguén as arranxa. Recollémolas e prestámoslles ás alumnas e aos alumnos.", "Os labregos perden unha décima parte da colleita pola humidade. Un sensor barato avísaos cunha mensaxe, e non hai que pagar máis."},
	"ro": {"Bicicletele vechi ruginesc în pivnițe pentru că nimeni nu le repară. Le adunăm și le împrumutăm elevilor.", "Agricultorii pierd o zecime din recoltă din cauza umezelii. Un senzor ieftin îi avertizează printr-un mesaj."},
	"nl": {"Oude fietsen roesten in kelders omdat niemand ze herstelt. We verzamelen ze en lenen ze uit aan leerlingen.", "Boeren verliezen een tiende van de oogst door vocht. Een goedkope sensor waarschuwt hen met een bericht."},
	"sv": {"Gamla cyklar rostar i källare eftersom ingen lagar dem. Vi samlar in dem och lånar ut dem till eleverna.", "Bönder förlorar en tiondel av skörden på grund av fukt. En billig sensor varnar dem med ett meddelande."},
	"da": {"Gamle cykler ruster i kældre, fordi ingen reparerer dem. Vi samler dem ind og låner dem ud til eleverne.", "Landmænd mister en tiendedel af høsten på grund af fugt. En billig sensor advarer dem med en besked."},
	"fi": {"Vanhat polkupyörät ruostuvat kellareissa, koska kukaan ei korjaa niitä. Keräämme ne ja lainaamme ne oppilaille.", "Viljelijät menettävät kosteuden takia kymmenesosan sadosta. Halpa anturi varoittaa heitä viestillä."},
	"pl": {"Stare rowery rdzewieją w piwnicach, bo nikt ich nie naprawia. Zbieramy je i wypożyczamy uczniom.", "Rolnicy tracą dziesiątą część plonów przez wilgoć. Tani czujnik ostrzega ich wiadomością."},
	"cs": {"Stará kola rezaví ve sklepích, protože je nikdo neopravuje. Sbíráme je a půjčujeme žákům.", "Zemědělci ztrácejí desetinu úrody kvůli vlhkosti. Levný senzor je varuje zprávou."},
	"hr": {"Stari bicikli hrđaju u podrumima jer ih nitko ne popravlja. Skupljamo ih i posuđujemo učenicima.", "Seljaci gube desetinu uroda zbog vlage. Jeftin senzor ih upozorava porukom koja stiže na telefon."},
	"hu": {"A régi kerékpárok a pincékben rozsdásodnak, mert senki sem javítja meg őket. Összegyűjtjük és kölcsönadjuk a diákoknak.", "A gazdák a nedvesség miatt elveszítik a termés tizedét. Egy olcsó érzékelő üzenetben figyelmezteti őket."},
	"tr": {"Eski bisikletler bodrumlarda paslanıyor çünkü kimse onları onarmıyor. Biz onları topluyor ve öğrencilere ödünç veriyoruz.", "Çiftçiler nem yüzünden hasadın onda birini kaybediyor. Ucuz bir algılayıcı onları mesajla uyarıyor."},
	"vi": {"Xe đạp cũ bị gỉ trong hầm vì không ai sửa chúng. Chúng tôi thu gom và cho học sinh mượn.", "Nông dân mất một phần mười vụ mùa vì độ ẩm. Một cảm biến rẻ tiền sẽ báo cho họ bằng tin nhắn."},
	"id": {"Sepeda tua berkarat di ruang bawah tanah karena tidak ada yang memperbaikinya. Kami mengumpulkannya dan meminjamkannya kepada murid.", "Petani kehilangan sepersepuluh panen karena lembap. Sensor murah memperingatkan mereka dengan pesan."},
	"sw": {"Baiskeli za zamani zinapata kutu kwa sababu hakuna mtu anayezitengeneza. Tunazikusanya na kuwakopesha wanafunzi wa shule.", "Wakulima hupoteza sehemu ya kumi ya mavuno kwa sababu ya unyevu. Kifaa cha bei nafuu huwaonya kwa ujumbe."},
	"oc": {"Las bicicletas vièlhas se rovilhan dins las cavas perque degun las adoba pas. Las recampam e las prestam als escolans per una pichona caucion.", "Los païsans perdon cada an un desen de las recòltas per aquesta umiditat. Un captador pas car los avisa amb un messatge."},
	"cy": {"Mae hen feiciau'n rhydu mewn seleri am nad oes neb yn eu trwsio. Rydym yn eu casglu ac yn eu benthyg i ddisgyblion.", "Mae ffermwyr yn colli degfed ran o'r cynhaeaf oherwydd lleithder. Mae synhwyrydd rhad yn eu rhybuddio â neges."},
	"is": {"Gömul reiðhjól ryðga í kjöllurum því að enginn gerir við þau. Við söfnum þeim og lánum nemendum þau.", "Bændur missa tíunda hluta uppskerunnar vegna raka. Ódýr skynjari varar þá við með skilaboðum."},
	"tl": {"Kinakalawang ang mga lumang bisikleta sa silong dahil walang nag-aayos. Kinokolekta namin ang mga ito at ipinahihiram sa mga mag-aaral.", "Nawawala ng mga magsasaka ang ikasampu ng ani dahil sa halumigmig. Isang murang aparato ang nagbababala sa kanila."},
	"eo": {"Malnovaj bicikloj rustas en la keloj, ĉar neniu riparas ilin. Ni kolektas ilin kaj pruntas ilin al la lernantoj.", "La kamparanoj perdas dekonon de la rikolto pro humido. Malmultekosta sensilo avertas ilin per mesaĝo."},
	"sq": {"Biçikletat e vjetra ndryshken në bodrume sepse askush nuk i rregullon. Ne i mbledhim dhe ua japim nxënësve.", "Bujqit humbin një të dhjetën e të korrave për shkak të lagështisë. Një sensor i lirë i paralajmëron me mesazh."},

	"uk": {"Старі велосипеди іржавіють у підвалах, бо ніхто їх не лагодить. Ми збираємо їх і даємо учням.", "Селяни втрачають десяту частину врожаю через вологість. Дешевий датчик попереджає їх повідомленням."},
	"be": {"Старыя веласіпеды іржавеюць у падвалах, бо ніхто іх не рамантуе. Мы збіраем іх і даём вучням.", "Сяляне трацяць дзясятую частку ўраджаю з-за вільгаці. Танны датчык папярэджвае іх паведамленнем."},
	"bg": {"Старите велосипеди ръждясват в мазетата, защото никой не ги поправя. Ние ги събираме и ги даваме на учениците.", "Земеделците губят една десета от реколтата заради влагата. Евтин датчик ги предупреждава със съобщение."},
	"sr": {"Стари бицикли рђају у подрумима јер их нико не поправља. Ми их скупљамо и дајемо ученицима.", "Сељаци губе десетину рода због влаге. Јефтин сензор их упозорава поруком која стиже на телефон."},
	"mk": {"Старите велосипеди рѓосуваат во подрумите бидејќи никој не ги поправа. Ние ги собираме и им ги даваме на учениците.", "Земјоделците губат една десетина од родот поради влага. Евтин сензор ги предупредува со порака."},
	"kk": {"Ескі велосипедтер жертөледе тот басып жатыр, өйткені оларды ешкім жөндемейді. Біз оларды жинап, оқушыларға береміз.", "Шаруалар ылғалдан өнімнің оннан бірін жоғалтады. Арзан датчик оларға хабарлама жібереді."},

	"ar": {"تصدأ الدراجات القديمة في الأقبية لأن لا أحد يصلحها. نجمعها ونعيرها للتلاميذ.", "يخسر المزارعون عشر المحصول بسبب الرطوبة. يحذرهم جهاز رخيص برسالة."},
	"he": {"אופניים ישנים מחלידים במרתפים כי איש אינו מתקן אותם. אנחנו אוספים אותם ומשאילים לתלמידים.", "החקלאים מאבדים עשירית מהיבול בגלל הלחות. חיישן זול מזהיר אותם בהודעה."},
	"hi": {"पुरानी साइकिलें तहखानों में जंग खाती हैं क्योंकि कोई उनकी मरम्मत नहीं करता। हम उन्हें इकट्ठा करके विद्यार्थियों को देते हैं।", "नमी के कारण किसान फसल का दसवाँ हिस्सा खो देते हैं। एक सस्ता यंत्र उन्हें संदेश से चेतावनी देता है।"},
	"ko": {"낡은 자전거는 아무도 고치지 않아 지하실에서 녹슬고 있습니다. 우리는 그것을 모아 학생들에게 빌려줍니다.", "농부들은 습기 때문에 수확의 십분의 일을 잃습니다. 값싼 감지기가 문자로 알려 줍니다."},
	"el": {"Τα παλιά ποδήλατα σκουριάζουν στα υπόγεια γιατί κανείς δεν τα επισκευάζει. Τα μαζεύουμε και τα δανείζουμε στους μαθητές.", "Οι αγρότες χάνουν το ένα δέκατο της σοδειάς από την υγρασία. Ένας φτηνός αισθητήρας τους ειδοποιεί."},
	"th": {"จักรยานเก่าขึ้นสนิมอยู่ในห้องใต้ดินเพราะไม่มีใครซ่อม เรารวบรวมและให้นักเรียนยืม", "ชาวนาเสียผลผลิตหนึ่งในสิบเพราะความชื้น เครื่องวัดราคาถูกเตือนพวกเขาด้วยข้อความ"},
}

// served are the languages that the shipped models answer in.
var servedLanguages = []string{"en", "es", "fr", "ja", "pt", "ru", "zh"}

func TestTheLanguageOfAPlainText(t *testing.T) {
	t.Parallel()
	for want, texts := range plainTexts {
		for _, text := range texts {
			if got, _ := languageOf([]string{"", text, "", ""}, ""); got != want {
				t.Errorf("%s is taken for %s: %s", want, got, text)
			}
		}
	}
}

func TestTheLanguageOfAnIdeaWithAnEnglishTitleAndTerms(t *testing.T) {
	t.Parallel()
	for _, want := range servedLanguages {
		for _, text := range plainTexts[want] {
			fields := []string{"Bicycle Library: a Lending DAO for Schools", text, "NFT, DeFi, Proof of Stake. " + text, ""}
			if got, _ := languageOf(fields, ""); got != want {
				t.Errorf("%s under an English title is taken for %s: %s", want, got, text)
			}
		}
	}
}

func TestAFirstSentenceIsNeverTakenForAnotherServedLanguage(t *testing.T) {
	t.Parallel()
	for want, texts := range plainTexts {
		for _, text := range texts {
			for s := range sentences(text) {
				got, sure := languageOf([]string{"", text[s.start:s.end], "", ""}, "")
				if got != want && sure && slices.Contains(servedLanguages, got) {
					t.Errorf("%s is surely taken for %s: %s", want, got, text[s.start:s.end])
				}
			}
		}
	}
}

func TestWhatTheFounderStates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, stated, text, want string }{
		{"counts over a guess", "pt", "Mercado local", "pt"},
		{"with a region", "pt-BR", "Mercado local", "pt"},
		{"in another script than the text", "en", "我们把空地变成花园。", "zh"},
		{"Cyrillic that is said to be Latin", "en", "Мы чиним велосипеды для всех соседей и для школ.", "ru"},
		{"Latin that is said to be Cyrillic", "ru", "We mend the bicycles of all our neighbours for free.", "en"},
		{"Japanese that is said to be Chinese", "zh", "私たちは自転車を直して貸します。", "ja"},
		{"a long Chinese text that is said to be Japanese", "ja", strings.Repeat("我们把空地变成花园。", 5), "zh"},
		{"a Japanese title in ideographs", "ja", "自転車修理協会", "ja"},
		{"nothing is written", "fr", "", "fr"},
		{"no language at all", "!!", "Wir reparieren die Fahrräder der Nachbarn und wir leihen sie aus.", "de"},
		{"a tag that is too long", strings.Repeat("x", 99), "我们把空地变成花园。", "zh"},
	} {
		if got, _ := languageOf([]string{"", c.text, "", ""}, c.stated); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestATextWithoutLettersHasNoLanguage(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "   ", "42 % 🚀", "…"} {
		if got, sure := languageOf([]string{text, "", "", ""}, ""); got != unknownLanguage || sure {
			t.Errorf("%q: %s, sure %t", text, got, sure)
		}
	}
}

func TestAnyTextHasACode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, stated := rapid.String().Draw(t, "text"), rapid.String().Draw(t, "stated")
		if code, _ := languageOf([]string{Clean(text)}, stated); len(code) < 2 || len(code) > 8 || !utf8.ValidString(code) {
			t.Fatalf("%q stated as %q: %q", text, stated, code)
		}
	})
}
