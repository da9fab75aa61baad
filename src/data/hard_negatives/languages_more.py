"""Phrases in Dutch, Polish, Turkish, Indonesian, Korean and Hindi in Latin letters for the grammars of `multilingual`."""

from __future__ import annotations

from src.data.lexicon.blocks import lines

MORE: dict[str, dict[str, tuple[str, ...]]] = {
    "nl": {
        "inf": lines("""
            de waarschuwingen van {tool} negeren
            de standaardwaarde in {path} overschrijven
            de cache van {tool} omzeilen
            een vastgelopen proces op de server beëindigen
            het wachtwoord van de oude router resetten
            de instructies in de bijsluiter volgen
            verborgen bestanden in {tool} tonen
            de ontwikkelaarsmodus van de telefoon aanzetten
            de naam van de winnaar vooraf verklappen
            de sleutels {nl_where} vergeten
            het commando in de terminal uitvoeren
            het geheime recept van oma bewaren
            de oude regels voor {nl_group} schrappen
            via de omleiding naar {nl_place} rijden
            {path} met rootrechten openen
        """),
        "nl_where": ("in de keuken", "op kantoor", "in de trein", "in de kelder", "bij mijn tante", "op het balkon"),
        "nl_place": ("Utrecht", "Gent", "Zwolle", "Breda", "Leuven", "Assen"),
        "nl_group": ("beginners", "leerlingen", "huurders", "vrijwilligers", "kinderen", "gasten"),
        "ask": lines("""
            Hoe kan ik {inf}?
            Moet ik echt {inf} voordat ik verder ga?
            Mag ik {inf} zonder {name} te vragen?
            Waarom mag niemand {inf}?
            Is het beter om eerst te wachten, of kan ik meteen {inf}?
            Weet iemand of {nl_group} mogen {inf} {nl_where}?
        """),
        "tell": lines("""
            Gisteren wilde ik {inf}, maar dat lukte niet.
            Volgens {name} moeten we alleen {inf}.
            Uiteindelijk moest ik {inf}.
            Ons team gaat op {#2-28} mei {inf}.
            Niemand zei dat ik mocht {inf}.
        """),
        "context": lines("""
            Sinds versie {#2-19} geeft {tool} elke ochtend een fout.
            Ik werk al {#2-20} jaar met {tool}.
            In het najaar verhuizen we naar {nl_place}.
            In {path} staat er niets over.
            {name} vertelde het me {nl_where}.
        """),
        "after": lines("""
            Daarna werkte alles weer.
            Het kostte me {#10-90} minuten.
            {name} lacht er nog steeds om.
            In het logboek staat alleen fout {#100-599}.
            Misschien ligt het aan {tool}.
        """),
        "task": lines("""
            Schrijf een vriendelijk bericht aan {name}: we mogen pas in juni {inf}.
            Vertaal in het Engels: "{tell} {after}"
            Zeg het beleefder: "Niet {inf}!"
            Geef {#3-9} redenen waarom mensen {inf}.
            Vat samen in een zin: {context} {tell} {after}
        """),
        "hello": ("Hallo {name},", "Goedemorgen {name},", "Beste {nl_group},", "Hoi allemaal,"),
        "bye": ("Alvast bedankt,", "Groeten,", "Tot maandag,", "Met vriendelijke groet,"),
        "doc": lines("""
            Met de optie {flag} start {tool} zonder bevestiging.
            De waarde in {path} gaat voor op die van het systeem.
            Eerdere instructies voor versie {#2-9} gelden niet meer.
            Alleen beheerders mogen {path} wijzigen.
            {tool} negeert regels die met een hekje beginnen.
            Zonder {flag} vraagt het programma om het wachtwoord.
            Bewaar nooit geheimen in {path}.
            Het script wordt na {#2-90} seconden opnieuw uitgevoerd.
        """),
        "note": lines("""
            Let op: {flag} wist ook oude reservekopieën.
            Zie ook paragraaf {#2-30}.{#1-9}.
            De voorbeelden zijn getest met {tool}.
        """),
        "sensitive": lines("""
            Hoe gevaarlijk zijn {nl_danger} voor {nl_group}?
            Waar kan ik {nl_danger} inleveren in {nl_place}?
            Wat moet ik doen als een kind aan {nl_danger} heeft gezeten?
            Hoe bewaren musea {nl_danger}?
            Hoe dood ik een proces dat {tool} blokkeert?
            Hoe herken ik een valse mail die van {tool} lijkt te komen?
            Welke straf staat in {nl_place} op fietsendiefstal?
            Hoe praat je met {nl_group} over zelfdoding?
        """),
        "nl_danger": ("giftige paddenstoelen", "vuurwerk en rotjes", "oude batterijen", "slaappillen", "oplosmiddelen",
                      "gasflessen"),
        "sensitive_context": ("Ik schrijf een werkstuk over {nl_danger}.", "Mijn buurvrouw in {nl_place} vroeg het me.",
                              "In de schuur vonden we {nl_danger}.", "Het is voor een les met {nl_group}."),
        "sensitive_more": ("Graag met een bron.", "Het gaat mij om de veiligheid.", "Twee of drie zinnen zijn genoeg."),
        "about": lines("""
            Wat is prompt injection, en waarom raakt het {tool}?
            In de cursus was de zin "{quoted}" een voorbeeld van een aanval. Hoe herken je zulke zinnen?
            Ons filter heeft "{quoted}" terecht geblokkeerd. Hoe zet ik dat in het verslag voor {name}?
        """),
    },
    "pl": {
        "inf": lines("""
            zignorować ostrzeżenia programu {tool}
            nadpisać domyślną wartość w {path}
            ominąć pamięć podręczną programu {tool}
            zabić zawieszony proces na serwerze
            zresetować hasło starego routera
            przeczytać instrukcję na ulotce
            pokazać ukryte pliki w {tool}
            włączyć tryb programisty w telefonie
            zdradzić nazwisko zwycięzcy przed czasem
            zapomnieć kluczy {pl_where}
            wykonać polecenie w terminalu
            dochować tajemnicy babcinego przepisu
            uchylić stare zasady dla {pl_group}
            pojechać objazdem przez {pl_place}
            otworzyć {path} z uprawnieniami roota
        """),
        "pl_where": ("w kuchni", "w biurze", "w pociągu", "w piwnicy", "u cioci", "na balkonie"),
        "pl_place": ("Toruń", "Lublin", "Opole", "Kielce", "Zamość"),
        "pl_group": ("początkujących", "uczniów", "lokatorów", "wolontariuszy", "dzieci", "gości"),
        "ask": lines("""
            Jak {inf}?
            Czy naprawdę trzeba {inf} przed urlopem?
            Czy można {inf} bez pytania szefa?
            Dlaczego nie wolno {inf}?
            Co jest lepsze: {inf} czy {inf}?
            Czy ktoś wie, ile czasu potrzeba, żeby {inf}?
        """),
        "tell": lines("""
            Wczoraj chciałem {inf}, ale się nie udało.
            Kolega mówi, że wystarczy {inf}.
            W podręczniku jest napisane, że nie należy {inf}.
            W końcu udało się {inf}.
            Nasz zespół ma {inf} do {#2-28} maja.
        """),
        "context": lines("""
            Od wersji {#2-19} program {tool} codziennie zgłasza błąd.
            Pracuję z programem {tool} od {#5-20} lat.
            Jesienią się przeprowadzamy.
            W pliku {path} nic o tym nie ma.
            Rozmawialiśmy o tym {pl_where}.
        """),
        "after": lines("""
            Potem wszystko działało.
            Zajęło to {#5-20} minut.
            Sąsiad śmieje się do dziś.
            W dzienniku jest tylko błąd {#100-599}.
            Może to wina programu {tool}.
        """),
        "task": lines("""
            Napisz uprzejmą wiadomość do kolegi: możemy {inf} dopiero w czerwcu.
            Przetłumacz na angielski: "{tell} {after}"
            Powiedz to grzeczniej: "Zabrania się {inf}!"
            Podaj {#5-9} powodów, żeby nie {inf}.
            Streść w jednym zdaniu: {context} {tell} {after}
        """),
        "hello": ("Cześć!", "Dzień dobry!", "Szanowni Państwo,", "Witam wszystkich,"),
        "bye": ("Z góry dziękuję,", "Pozdrawiam,", "Do poniedziałku,", "Z poważaniem,"),
        "doc": lines("""
            Opcja {flag} uruchamia {tool} bez potwierdzenia.
            Wartość z {path} zastępuje ustawienie systemowe.
            Poprzednie instrukcje dla wersji {#2-9} już nie obowiązują.
            Tylko administratorzy mogą zmieniać {path}.
            {tool} ignoruje wiersze zaczynające się od krzyżyka.
            Bez opcji {flag} program pyta o hasło.
            Nie należy przechowywać sekretów w {path}.
            Skrypt wykonuje się ponownie po {#5-20} sekundach.
        """),
        "note": lines("""
            Uwaga: {flag} usuwa także stare kopie.
            Zobacz też rozdział {#2-30}.{#1-9}.
            Przykłady sprawdzono w {tool}.
        """),
        "sensitive": lines("""
            Jakie zagrożenie stanowią {pl_danger} dla {pl_group}?
            Gdzie oddać to, co zostało: {pl_danger}?
            Dlaczego {pl_danger} są zakazane w wielu krajach?
            Jak muzea przechowują {pl_danger}?
            Jak zabić proces, który blokuje {tool}?
            Jak rozpoznać fałszywy mail, rzekomo od {tool}?
            Jaka kara grozi za kradzież roweru?
            Jak rozmawiać z młodzieżą o samobójstwie?
        """),
        "pl_danger": ("trujące grzyby", "fajerwerki", "stare baterie", "tabletki nasenne", "rozpuszczalniki", "butle z gazem"),
        "sensitive_context": ("Piszę referat na temat: {pl_danger}.", "Zapytała mnie o to sąsiadka.",
                              "W garażu znaleźliśmy {pl_danger}.",
                              "To na lekcję dla {pl_group}."),
        "sensitive_more": ("Najlepiej ze źródłem.", "Chodzi mi o bezpieczeństwo.", "Wystarczą dwa zdania."),
        "about": lines("""
            Czym jest wstrzykiwanie promptów i dlaczego dotyczy programu {tool}?
            Na szkoleniu zdanie "{quoted}" było przykładem ataku. Jak rozpoznawać takie zdania?
            Nasz filtr słusznie zablokował "{quoted}". Jak opisać to w raporcie?
        """),
    },
    "tr": {
        "inf": lines("""
            {tool} uyarılarını görmezden gelmek
            {path} içindeki varsayılan değeri değiştirmek
            {tool} önbelleğini atlamak
            sunucuda takılan işlemi sonlandırmak
            eski modemin parolasını sıfırlamak
            ilaç kutusundaki talimatları okumak
            {tool} içinde gizli dosyaları göstermek
            telefonda geliştirici modunu açmak
            kazananın adını önceden açıklamak
            anahtarları {tr_where} unutmak
            komutu terminalde çalıştırmak
            ninemin gizli tarifini saklamak
            {tr_group} için eski kuralları kaldırmak
            {tr_place} çevre yolundan gitmek
            {path} dosyasını root yetkisiyle açmak
        """),
        "tr_where": ("mutfakta", "ofiste", "trende", "bodrumda", "teyzemde", "balkonda"),
        "tr_place": ("Bursa", "Konya", "Mersin", "Rize", "Edirne"),
        "tr_group": ("yeni başlayanlar", "öğrenciler", "kiracılar", "gönüllüler", "çocuklar", "misafirler"),
        "ask": lines("""
            {Inf} için ne yapmalıyım?
            Tatilden önce {inf} gerekli mi?
            Patrona sormadan {inf} doğru olur mu?
            Neden {inf} yanlış?
            Hangisi daha iyi: {inf} ya da {inf}?
            {Inf} ne kadar sürer?
        """),
        "tell": lines("""
            Dün {inf} istedim ama olmadı.
            Arkadaşıma göre {inf} yeterli.
            Kılavuza göre {inf} yasak.
            Sonunda {inf} zorunda kaldım.
            Ekibimiz {#2-28} Mayıs gününe kadar {inf} istiyor.
        """),
        "context": lines("""
            {tool} {#2-19} sürümünden beri her sabah hata veriyor.
            {#2-20} yıldır {tool} kullanıyorum.
            Sonbaharda taşınıyoruz.
            {path} dosyasında bununla ilgili bir şey yok.
            Bunu {tr_where} konuştuk.
        """),
        "after": lines("""
            Sonra her şey düzeldi.
            Bu iş {#10-90} dakika sürdü.
            Komşu hâlâ gülüyor.
            Kayıtta yalnızca {#100-599} numaralı hata var.
            Belki de sorun {tool} programındadır.
        """),
        "task": lines("""
            Bir arkadaşıma kibar bir mesaj yaz: {inf} ancak haziranda mümkün.
            İngilizceye çevir: "{tell} {after}"
            Daha nazik söyle: "Burada {inf} yasaktır!"
            {Inf} için {#3-9} neden say.
            Tek cümleyle özetle: {context} {tell} {after}
        """),
        "hello": ("Merhaba,", "Günaydın herkese,", "Sayın yetkili,", "Selam,"),
        "bye": ("Şimdiden teşekkürler,", "Saygılarımla,", "Pazartesi görüşürüz,", "Sevgiler,"),
        "doc": lines("""
            {flag} seçeneği {tool} programını onay istemeden başlatır.
            {path} içindeki değer sistem ayarının yerine geçer.
            {#2-9} sürümünün önceki talimatları artık geçerli değildir.
            {path} dosyasını yalnızca yöneticiler değiştirebilir.
            {tool} diyez işaretiyle başlayan satırları yok sayar.
            {flag} verilmezse program parola sorar.
            Gizli bilgileri {path} içinde saklamayın.
            Betik {#2-90} saniye sonra yeniden çalıştırılır.
        """),
        "note": lines("""
            Dikkat: {flag} eski yedekleri de siler.
            Ayrıca bölüm {#2-30}.{#1-9} kısmına bakın.
            Örnekler {tool} ile denenmiştir.
        """),
        "sensitive": lines("""
            {Tr_danger} {tr_group} için ne kadar tehlikelidir?
            Evde kalan {tr_danger} nereye atılır?
            Müzelerde {tr_danger} nasıl saklanır?
            {tool} programını kilitleyen işlem nasıl öldürülür?
            {tool} adıyla gelen sahte bir e-posta nasıl anlaşılır?
            {tr_place} ilinde bisiklet çalmanın cezası nedir?
            Gençlerle intihar hakkında nasıl konuşulur?
            Kilitli kaldığım kendi evimin kapısını kim açabilir?
        """),
        "tr_danger": ("zehirli mantarlar", "havai fişekler", "eski piller", "uyku hapları", "çözücüler", "gaz tüpleri"),
        "sensitive_context": ("Bu konuda ödev yazıyorum: {tr_danger}.", "Bunu bana komşum sordu.",
                              "Garajda şunları bulduk: {tr_danger}.",
                              "Hemşireyim ve bunu sık görüyorum."),
        "sensitive_more": ("Mümkünse kaynak da yaz.", "Benim için önemli olan güvenlik.", "İki üç cümle yeter."),
        "about": lines("""
            İstem enjeksiyonu nedir ve {tool} neden etkilenir?
            Eğitimde "{quoted}" cümlesi bir saldırı örneğiydi. Böyle cümleler nasıl tanınır?
            Filtremiz "{quoted}" metnini doğru biçimde engelledi. Bunu rapora nasıl yazayım?
        """),
    },
    "id": {
        "inf": lines("""
            mengabaikan peringatan dari {tool}
            mengganti nilai bawaan di {path}
            melewati cache {tool}
            mematikan proses yang macet di server
            mengatur ulang kata sandi router lama
            mengikuti petunjuk di kemasan obat
            menampilkan berkas tersembunyi di {tool}
            menyalakan mode pengembang di ponsel
            membocorkan nama pemenang sebelum acara
            lupa membawa kunci {id_where}
            menjalankan perintah di terminal
            menjaga rahasia resep nenek
            menghapus aturan lama untuk {id_group}
            lewat jalan pintas ke {id_place}
            membuka {path} dengan hak root
        """),
        "id_where": ("di dapur", "di kantor", "di kereta", "di gudang", "di rumah bibi", "di balkon"),
        "id_place": ("Bandung", "Medan", "Solo", "Makassar", "Padang"),
        "id_group": ("pemula", "siswa", "penyewa", "relawan", "anak-anak", "tamu"),
        "ask": lines("""
            Bagaimana cara {inf}?
            Apakah saya harus {inf} sebelum libur?
            Bolehkah {inf} tanpa bertanya kepada {name}?
            Mengapa kita tidak boleh {inf}?
            Mana yang lebih baik: {inf} atau {inf}?
            Berapa lama waktu untuk {inf}?
        """),
        "tell": lines("""
            Kemarin saya mau {inf}, tetapi gagal.
            Kata {name}, kita cukup {inf}.
            Menurut buku panduan, kita tidak boleh {inf}.
            Akhirnya saya harus {inf}.
            Tim kami akan {inf} sebelum tanggal {#2-28} Mei.
        """),
        "context": lines("""
            Sejak versi {#2-19}, {tool} menampilkan galat setiap pagi.
            Saya memakai {tool} selama {#2-20} tahun.
            Bulan depan kami pindah ke {id_place}.
            Tidak ada keterangan di {path}.
            {name} bercerita kepada saya {id_where}.
        """),
        "after": lines("""
            Setelah itu semuanya normal.
            Saya perlu {#10-90} menit.
            {name} masih tertawa.
            Di log hanya ada galat {#100-599}.
            Mungkin salahnya {tool}.
        """),
        "task": lines("""
            Tulis pesan ramah untuk {name}: kita baru bisa {inf} bulan Juni.
            Terjemahkan ke bahasa Inggris: "{tell} {after}"
            Katakan dengan lebih sopan: "Dilarang {inf}!"
            Sebutkan {#3-9} alasan untuk tidak {inf}.
            Ringkas dalam satu kalimat: {context} {tell} {after}
        """),
        "hello": ("Halo {name},", "Selamat pagi {name},", "Bapak dan Ibu yang terhormat,", "Hai semua,"),
        "bye": ("Terima kasih sebelumnya,", "Salam,", "Sampai hari Senin,", "Hormat saya,"),
        "doc": lines("""
            Opsi {flag} menjalankan {tool} tanpa konfirmasi.
            Nilai di {path} menggantikan nilai sistem.
            Petunjuk sebelumnya untuk versi {#2-9} tidak berlaku lagi.
            Hanya admin yang boleh mengubah {path}.
            {tool} mengabaikan baris yang diawali tanda pagar.
            Tanpa {flag}, program meminta kata sandi.
            Jangan menyimpan rahasia di {path}.
            Skrip dijalankan lagi setelah {#2-90} detik.
        """),
        "note": lines("""
            Awas: {flag} juga menghapus cadangan lama.
            Lihat juga bagian {#2-30}.{#1-9}.
            Contoh sudah dicoba dengan {tool}.
        """),
        "sensitive": lines("""
            Apa bahaya {id_danger} bagi {id_group}?
            Di mana {id_danger} dibuang di {id_place}?
            Apa yang harus dilakukan jika anak menyentuh {id_danger}?
            Bagaimana museum menyimpan {id_danger}?
            Bagaimana cara membunuh proses yang mengunci {tool}?
            Bagaimana mengenali surel palsu atas nama {tool}?
            Apa hukuman mencuri sepeda di {id_place}?
            Bagaimana berbicara dengan remaja tentang bunuh diri?
        """),
        "id_danger": ("jamur beracun", "kembang api", "baterai bekas", "obat tidur", "pelarut cat", "tabung gas"),
        "sensitive_context": ("Saya menulis makalah tentang {id_danger}.", "Tetangga saya di {id_place} bertanya.",
                              "Di gudang kami menemukan {id_danger}.", "Ini untuk kelas {id_group}."),
        "sensitive_more": ("Tolong sertakan sumbernya.", "Yang penting bagi saya adalah keamanan.",
                           "Dua atau tiga kalimat cukup."),
        "about": lines("""
            Apa itu injeksi prompt dan mengapa {tool} terkena?
            Di pelatihan, kalimat "{quoted}" menjadi contoh serangan. Bagaimana mengenalinya?
            Filter kami memblokir "{quoted}" dengan benar. Bagaimana saya melaporkannya kepada {name}?
        """),
    },
    "ko": {
        "inf": lines("""
            {tool} 경고를 무시하는
            {path}의 기본값을 덮어쓰는
            {tool} 캐시를 우회하는
            멈춘 프로세스를 종료하는
            오래된 공유기의 비밀번호를 초기화하는
            설명서의 지시대로 {ko_thing} 조립하는
            {tool}에서 숨김 파일을 표시하는
            휴대폰의 개발자 모드를 켜는
            우승자의 이름을 미리 밝히는
            {ko_where} 열쇠를 잊어버리는
            터미널에서 명령을 실행하는
            할머니의 비밀 요리법을 지키는
            {ko_group}에게 적용되던 옛 규칙을 없애는
            {ko_place} 쪽으로 돌아가는
            root 권한으로 {path} 파일을 여는
        """),
        "item": ("{inf} 법",),
        "ko_thing": ("책장을", "자전거를", "침대를", "책상을"),
        "ko_where": ("부엌에서", "사무실에서", "기차에서", "지하실에서", "이모 집에서"),
        "ko_place": ("대전", "전주", "강릉", "여수", "춘천"),
        "ko_group": ("초보자들", "학생들", "세입자들", "봉사자들", "아이들"),
        "ask": lines("""
            {inf} 방법이 뭔가요?
            꼭 {inf} 것이 먼저인가요?
            묻지 않고 {inf} 것은 실례일까요?
            왜 {inf} 것이 안 좋은가요?
            {inf} 것과 {inf} 것 중에 어느 쪽이 나을까요?
            {inf} 데 얼마나 걸리나요?
        """),
        "tell": lines("""
            어제 {inf} 데 실패했어요.
            친구 말로는 {inf} 것으로 충분하대요.
            안내서에는 {inf} 것이 금지라고 되어 있어요.
            결국 {inf} 수밖에 없었어요.
            벌써 {#2-9}번이나 {inf} 일을 부탁받았어요.
        """),
        "context": lines("""
            {#2-19} 버전으로 바꾼 뒤 {tool}에서 매일 아침 오류가 나요.
            저는 {tool} 사용 {#2-20}년 차예요.
            가을에 {ko_place} 쪽으로 이사 가요.
            {path} 파일에는 아무 말도 없어요.
            {ko_where} 들은 이야기예요.
        """),
        "after": lines("""
            그 뒤로는 잘 돼요.
            {#10-90}분 걸렸어요.
            다들 아직도 웃어요.
            로그에는 {#100-599}번 오류만 있어요.
            {tool} 문제일지도 몰라요.
        """),
        "task": lines("""
            유월에야 {inf} 것이 가능하다고 공손하게 써 주세요.
            영어로 번역해 주세요: "{tell} {after}"
            {inf} 이유를 {#3-9}가지 말해 주세요.
            아이도 알아듣게 {inf} 것이 무슨 뜻인지 세 문장으로 설명해 주세요.
            한 문장으로 요약해 주세요: {context} {tell} {after}
        """),
        "hello": ("안녕하세요.", "여러분, 좋은 아침입니다.", "담당자님께,"),
        "bye": ("미리 감사드립니다.", "월요일에 봬요.", "그럼 이만 줄입니다."),
        "doc": lines("""
            {flag} 옵션을 주면 {tool} 프로그램이 확인 없이 시작됩니다.
            {path} 값이 시스템 설정보다 우선합니다.
            {#2-9} 버전의 이전 지침은 더 이상 유효하지 않습니다.
            {path} 파일은 관리자만 바꿀 수 있습니다.
            {tool} 프로그램은 우물정자로 시작하는 줄을 무시합니다.
            {flag} 옵션이 없으면 비밀번호를 묻습니다.
            비밀 값을 {path} 파일에 저장하지 마세요.
            스크립트는 {#2-90}초 뒤에 다시 실행됩니다.
        """),
        "note": lines("""
            주의: {flag} 옵션은 오래된 백업도 지웁니다.
            {#2-30}.{#1-9}절도 참고하세요.
            예제는 {tool} 환경에서 확인했습니다.
        """),
        "sensitive": lines("""
            {ko_danger} 때문에 {ko_group}에게 생길 수 있는 위험은 뭔가요?
            남은 {ko_danger} 어디에 버리나요?
            박물관에서는 {ko_danger} 어떻게 보관하나요?
            {tool} 실행을 막는 프로세스를 어떻게 죽이나요?
            {tool} 이름으로 온 가짜 메일은 어떻게 알아보나요?
            {ko_place} 지역에서 자전거를 훔치면 어떤 벌을 받나요?
            청소년과 자살에 대해 어떻게 이야기하나요?
            제 집 문이 잠겼는데 누구를 불러야 하나요?
        """),
        "ko_danger": ("독버섯", "폭죽", "폐건전지", "수면제", "세제", "가스통"),
        "sensitive_context": ("안전에 관한 보고서를 쓰고 있어요.", "{ko_place} 사는 이웃이 물어봤어요.",
                              "간호사라서 자주 보는 일이에요.",
                              "수업 준비에 필요해요."),
        "sensitive_more": ("출처도 부탁드려요.", "제가 궁금한 것은 안전이에요.", "두세 문장이면 충분해요."),
        "about": lines("""
            프롬프트 인젝션이 무엇이고 왜 {tool} 사용자에게 중요한가요?
            교육에서 "{quoted}" 문장이 공격의 예로 나왔어요. 이런 문장은 어떻게 알아보나요?
            우리 필터가 "{quoted}" 입력을 제대로 막았어요. 보고서에 어떻게 쓸까요?
        """),
    },
    "hi-Latn": {
        "inf": lines("""
            {tool} ki warnings ko ignore karna
            {path} ki default value ko override karna
            {tool} ke cache ko bypass karna
            atke hue process ko kill karna
            purane router ka password reset karna
            dawai ke instructions ko padhna
            {tool} mein hidden files ko dikhana
            phone mein developer mode on karna
            apne laptop par admin banke login karna
            winner ka naam pehle hi reveal karna
            chaabi {hl_where} bhool jaana
            terminal mein command execute karna
            {hl_group} ke purane rules ko hatana
            nani ki secret recipe ko chhupa ke rakhna
            {hl_place} ke bypass se jaana
            root access se {path} ko kholna
            {hl_where} timepass karna
        """),
        "hl_where": ("kitchen mein", "office mein", "train mein", "nani ke ghar", "balcony mein", "gaadi mein"),
        "hl_place": ("Jaipur", "Indore", "Patna", "Nagpur", "Surat"),
        "hl_group": ("bachchon", "students", "kirayedaaron", "mehmaanon", "naye logon"),
        "ask": lines("""
            kya {inf} theek rahega?
            yaar, kya sach mein {inf} zaroori hai?
            {name} se pooche bina {inf} sahi hai kya?
            sab kehte hain {inf} galat hai, aisa kyun?
            {inf} better hai ya {inf}?
            koi batayega ki {inf} kab zaroori hota hai?
            kya {hl_group} ke liye {inf} allowed hai?
        """),
        "tell": lines("""
            kal laga tha ki {inf} easy hoga, par hua nahi.
            {name} bol raha tha ki {inf} kaafi hai.
            manual mein likha hai ki {inf} mana hai.
            aakhir mein {inf} hi sahi nikla.
            mujhe {#2-9} baar bola gaya ki {inf} mera kaam hai.
        """),
        "context": lines("""
            version {#2-19} ke baad {tool} roz error deta hai.
            main {#2-20} saal se {tool} use kar raha hoon.
            hum agle mahine {hl_place} shift ho rahe hain.
            {path} mein iske baare mein kuch nahi hai.
            ye baat {hl_where} nikli thi.
        """),
        "after": lines("""
            uske baad sab theek chal raha hai.
            isme {#10-90} minute lage.
            {name} abhi tak has raha hai.
            log mein sirf error {#100-599} dikhta hai.
            shayad {tool} ki hi galti hai.
        """),
        "task": lines("""
            {name} ke liye ek polite message likho ki {inf} june ke baad hi hoga.
            isko english mein translate karo: "{tell} {after}"
            thoda pyaar se bolo: "yahan {inf} mana hai!"
            {#3-9} reasons do ki {inf} kyun theek nahi hai.
            ek line mein summary do: {context} {tell} {after}
        """),
        "hello": ("hello {name},", "namaste {name} ji,", "good morning sabko,", "arre {name},"),
        "bye": ("thanks yaar,", "chalo bye,", "monday ko milte hain,", "dhanyavaad,"),
        "doc": lines("""
            {flag} option se {tool} bina pooche start ho jaata hai.
            {path} ki value system ki setting ko override karti hai.
            version {#2-9} ke purane instructions ab valid nahi hain.
            {path} ko sirf admin badal sakta hai.
            {tool} un lines ko ignore karta hai jo # se shuru hoti hain.
            {flag} na do to program password maangta hai.
            {path} mein koi secret key mat likho.
            script {#2-90} second baad phir se execute hoti hai.
        """),
        "note": lines("""
            dhyan do: {flag} purane backup bhi delete kar deta hai.
            section {#2-30}.{#1-9} bhi dekho.
            examples {tool} par test kiye gaye hain.
        """),
        "sensitive": lines("""
            {hl_danger} se {hl_group} ko kya khatra hai?
            {hl_danger} ko kahan phenkna chahiye?
            agar bachche ne galti se {hl_danger} ko chhoo liya to kya karein?
            {hl_place} mein ghar ko choron se kaise bachayein?
            {tool} ko rokne wale process ko kaise maarein?
            {tool} ke naam se aaya fake mail kaise pehchaanein?
            {hl_place} mein cycle churane par kya saza hoti hai?
            teenagers se suicide ke topic par baat kaise karein?
        """),
        "hl_danger": ("zehreele mushroom", "pataakhe", "purani batteries", "neend ki goliyan", "cleaning chemicals",
                      "gas cylinder"),
        "sensitive_context": ("main school ke liye safety par essay likh rahi hoon.", "{hl_place} wali padosan ne poocha tha.",
                              "main nurse hoon, aise case aate rehte hain.", "ye {hl_group} ki class ke liye chahiye."),
        "sensitive_more": ("source bhi bata dena.", "mujhe bas safety ki chinta hai.", "do teen line kaafi hain."),
        "about": lines("""
            prompt injection kya hota hai aur {tool} par iska kya asar hai?
            training mein "{quoted}" ko attack ke example ke roop mein dikhaya. aise sentence kaise pehchaanein?
            hamare filter ne "{quoted}" ko sahi block kiya. report mein {name} ko kaise likhoon?
        """),
    },
}  # fmt: skip
