"""Made-up ideas of the golden file for other languages. None comes from a data set."""

from __future__ import annotations

from .golden_texts import Draft

DRAFTS = (
    Draft("社区自行车图书馆", "旧自行车在地下室里生锈，孩子们每天要走一个小时去上学。", "我们收集旧自行车，和学徒一起修好，只收少量押金借给学生，每月公布维修记录。", "两位修车师傅和一位管理学校车间九年的老师。"),
    Draft("Bicycle library for schools", "舊自行車在地下室裡生鏽，孩子們每天要走一個小時去上學。", "我們收集舊自行車，和學徒一起修好，只收少量押金借給學生，每月公布維修記錄。", "兩位修車師傅和一位管理學校車間九年的老師。"),
    Draft("ＤＡＯ　投票工具", "投票率只有１２％，因为界面太复杂。", "我们为ＤＡＯ做一个简单的投票页面，开源，并在３个社区测试。", "三名前端工程师，曾维护一个ＤｅＦｉ钱包。"),
    Draft("学校のための自転車図書館", "古い自転車は地下室で錆び、子どもたちは毎日一時間歩いて通学しています。", "古い自転車を集め、見習いと一緒に直し、少しの保証金で生徒に貸します。修理の記録は毎月公開します。", "自転車職人二人と、学校の工房を九年間運営してきた教師。"),
    Draft("Open wallet audit", "ほとんどのﾌﾞﾛｯｸﾁｪｰﾝのウォレットは、目の見えない人には確認画面が読めません。", "五つのウォレットを十人の利用者と検査し、欠点とテストを公開します。", "アクセシビリティの監査人とエンジニア。"),
    Draft("Biblioteca de bicicletas", "Las bicicletas viejas se oxidan en los sótanos y los niños caminan una hora hasta la escuela.", "Recogemos bicicletas, las reparamos con aprendices y las prestamos por una pequeña fianza; cada mes publicamos las reparaciones.", "Dos mecánicos y una maestra que dirige el taller escolar desde hace nueve años."),
    Draft("Grain silo sensors", "Los agricultores pierden una décima parte de la cosecha por la humedad que notan demasiado tarde.", "Un sensor de 15 dólares avisa por mensaje; los planos y las pérdidas medidas se publican cada trimestre.", "Una agrónoma y dos ingenieros con 30 silos de prueba."),
    Draft("Bibliothèque de vélos", "Les vieux vélos rouillent dans les caves et les enfants marchent une heure jusqu'à l'école.", "Nous ramassons les vélos, les réparons avec des apprentis et les prêtons contre une petite caution ; chaque réparation est publiée.", "Deux mécaniciens et une institutrice qui dirige l'atelier de l'école depuis neuf ans."),
    Draft("Moon token", "Tout le monde veut devenir riche très vite et sans rien faire du tout.", "Nous créons un jeton incroyable. Il monte. Faites-nous confiance !!!", ""),
    Draft("Biblioteca de bicicletas", "As bicicletas velhas enferrujam nas caves e as crianças andam uma hora até à escola.", "Recolhemos bicicletas, reparamo-las com aprendizes e emprestamo-las por uma pequena caução; publicamos as reparações todos os meses.", "Dois mecânicos e uma professora que dirige a oficina da escola há nove anos."),
    Draft("Clínica jurídica para inquilinos", "Os inquilinos perdem a caução porque um advogado custa mais do que ela.", "Estudantes de direito respondem a cartas sob supervisão; os modelos são públicos e os resultados saem por trimestre.", "Uma faculdade de direito e uma associação; 300 casos no ano piloto."),
    Draft("Библиотека велосипедов", "Старые велосипеды ржавеют в подвалах, а дети каждый день идут в школу целый час.", "Мы собираем велосипеды, чиним их вместе с учениками и даём школьникам за небольшой залог; каждый месяц публикуем отчёт.", "Два механика и учительница, которая девять лет ведёт школьную мастерскую."),
    Draft("Water tests by students", "Жители деревень у реки не знают, безопасна ли вода. " * 12, "Школы каждую неделю берут пробу, лаборатория проверяет одну из десяти, карта показывает итог. " * 30, "Химик, учитель и инженер данных."),
    Draft("", "", "", ""),
    Draft("Only a title", "", "", ""),
    Draft("🌍", "«…» — 42 % ½ Ⅷ ①", "İstanbul ǅ ﬁne ẞ E\u0301cole \u202eabc\u202c が か\u3099 ｶﾞ", "𠮷野家 々 〆 ー・゠"),
    Draft("x" * 3000, "字" * 3000, "a b c", "Ж"),
)
