"""Phrases of the natural look-alikes: frames around a code or a name, and everyday sentences in many scripts.

Format characters would be invisible in this file, so the tables write them as signs that `lookalikes` replaces:
`_` is a zero-width non-joiner and `+` a zero-width joiner in JOINED, `~` is a soft hyphen in HYPHENATED, `^` is a
zero-width space in BREAKABLE.
"""

from __future__ import annotations

from src.data.lexicon.blocks import lines

# Frames around {payload}: a code, a name or a text that the maker of the kind builds.
# {other} is a second one, {plain} what the payload stands for.
FRAMES: dict[str, tuple[str, ...]] = {
    "message": lines(r"""
        The <train|bus|ferry> to {place} leaves at {#5-23}:{#10-59}.
        {Name} brings {food} on {day}.
        The {plant} need water every {#2-6} days.
        Happy birthday {name}, have a lovely {day}!
        Meeting moved to {day}, room {#100-499}.
        The {document} is ready for {name}.
        Remember the {home_thing} in the {home_room}.
        {Name} likes {food} better than {food}.
        Our {relative} lives in {place}.
        Well done, you solved puzzle {#2-90}.
        The library in {place} opens at {#7-10}.
        Dinner at {#6-9}, bring {pet}.
        {Game} starts in {#5-45} minutes.
        I left the keys in the {home_room}.
        See you at the {event} in {month}.
        Order {#1000-99999} has shipped from {place}.
    """),
    "word": ("garden", "window", "stream", "planet", "butter", "tunnel", "market", "silver", "orange", "summer", "pencil",
             "bridge",
             "lantern", "cousin", "harbour", "biscuit", "feather", "ticket", "sailor", "meadow", "pillow", "cherry", "thunder",
             "castle",
             "stressed", "drawer", "live", "parts", "diaper", "lager", "smart", "deliver", "reward", "spoons", "desserts"),
    "palindrome": ("level", "rotor", "civic", "Anna", "kayak", "radar", "A man, a plan, a canal: Panama",
                   "Was it a car or a cat I saw?",
                   "Never odd or even", "Step on no pets", "Do geese see God?", "Madam, I'm Adam", "Ein Esel lese nie",
                   "Reliefpfeiler", "Lagerregal", "Dábale arroz a la zorra el abad", "Esope reste ici et se repose", "топот",
                   "А роза упала на лапу Азора", "Never a foot too far, even", "No lemon, no melon", "I topi non avevano nipoti",
                   "上海自来水来自海上", "Socorram-me, subi no ônibus em Marrocos", "しんぶんし", "Saippuakivikauppias"),
    "reversed_words": lines(r"""
        Puzzle {#2-300} for the children: read this backwards. "{payload}"
        Which <word|sentence> is this, written from right to left: {payload}?
        In the mirror it said "{payload}". What did {name} really write?
        Is "{palindrome}" a palindrome? {payload} is what you get when you reverse the other example.
        Write a function in {language} that turns "{payload}" back into what it was.
        Homework: reverse the letters of each word. Solution of row {#1-9}: {payload}
        {name} and I have a game: we say words backwards. Today: {payload}. Can you guess it?
        Name {#2-9} palindromes like "{palindrome}" and explain why "{payload}" is none.
        Crossword {#1-40} across, <reversed|backwards>, {#4-9} letters: "{payload}"
        assert reverse("{payload}") == "{plain}"  # palindrome check for "{palindrome}"
        "{palindrome}" reads the same both ways, unlike {payload}.
        Semordnilap of the day: {payload}. {Name} found it in {#2-50} seconds.
    """),
    "base64": lines(r"""
        Decode this base64 for me: {payload}
        What does {payload} mean? I found it in the source of a page about {food}.
        The mail source shows Content-Transfer-Encoding: base64 and then {payload}. How do I read it?
        echo {payload} | base64 -d
        In {language}, why does decoding "{payload}" give bytes and not a string?
        atob("{payload}") // what is the result?
        Geocache near {place}, hint: {payload}
        Our config holds greeting: !!binary {payload}. Is there a readable form?
        {name} signed the guest book with {payload}. Cute, but what is it?
        Authorization: Basic {payload}
        Is "{payload}" valid base64, or is the padding wrong?
        Please check my homework. I encoded "{plain}" and got {payload}
        <img alt="{food}" src="data:image/png;base64,{payload}">
        Subject: =?utf-8?B?{payload}?=
    """),
    "hash": lines(r"""
        {payload}  {app_file}
        Does the checksum {payload} match the download of {app_file}?
        Why is the hash of an empty file always the same, but mine {payload}?
        commit {payload}\nAuthor: {name}\n\n    Update the {document}
        docker pull registry.example/{app_dash}@sha256:{payload}
        git revert {payload} undid the change of {name}. How do I bring it back?
        ETag: "{payload}"
        The {wiki} says to compare {payload} with the value on the web site before installing.
        In my hash table exercise "{message}" becomes {payload}. Is that right?
        "integrity": "sha512-{payload}"
        Which algorithm made this, by its length: {payload}?
        pip install {app_dash}=={#1-9}.{#0-9} --hash=sha256:{payload}
    """),
    "jwt": lines(r"""
        Authorization: Bearer {payload}
        What is inside this token from our test system? {payload}
        The {app} rejects {payload} with "expired". How do I see the time in it?
        I pasted {payload} into a debugger and the part in the middle has the name {name}. Is that normal?
        jwt.decode("{payload}", options={"verify_signature": False})
        Explain the three parts of {payload} to {name}.
        curl -H "Authorization: Bearer {payload}" https://{app_dash}.example/api/me
        Unit test fixture for {library}: TOKEN = "{payload}"
    """),
    "uuid": lines(r"""
        request_id={payload} took {#2-900} ms
        Where in {database} do I find the order {payload}?
        Error {#400-599} for session {payload} on {day}, {name} was logged in.
        Is {payload} a version 4 or a version 7 id?
        DELETE FROM bookings WHERE id = '{payload}';
        The sensor in the {home_room} reports as {payload}. How do I rename it?
        mount UUID={payload} /mnt/backup
        https://{app_dash}.example/share/{payload}
        {Name} sent me the meeting id {payload}. Does it expire?
        Why does {language} print {payload} in capitals on {platform}?
        Generate {#2-20} ids like {payload} in {language}.
    """),
    "minified_code": lines(r"""
        {payload}
        Make this readable: {payload}
        Lighthouse complains about {payload} - is that file too large?
        What does {payload} do in the footer of our <blog|shop>?
        The source map is gone. Which library is this? {payload}
        TypeError at column {#200-9000}: {payload}
    """),
    "log_lines": lines(r"""
        {payload}
        {payload}\n\nIs that normal on {platform}?
        Since the update I see this every {#2-50} minutes:\n{payload}
        Which of these lines is the cause?\n{payload}
        Write a {language} regular expression for lines like\n{payload}
    """),
    "percent_url": lines(r"""
        {payload}
        The link {payload} does not open on {platform}.
        What is the readable form of {payload}?
        {Name} sent me {payload} - which page is that?
        Why does my browser turn the address into {payload}?
        GET {payload} {#200-404}
        Add this to the <recipe|travel|bug> list: {payload}
        Redirect {payload} to the new page about {food}.
    """),
    "html_entities": lines(r"""
        {payload}
        The feed shows {payload} instead of proper text. How do I unescape it in {language}?
        Why does the {app} send {payload} in mails?
        In the <CMS|newsletter> I typed a sentence and got {payload}
        Translate the visible text of {payload} into {language_spoken}.
    """),
    "unicode_escapes": lines(r"""
        {payload}
        json.dumps gives {payload}. How do I keep the letters readable?
        The API answers {payload}. Which language is that?
        msgstr "{payload}"
        {Name}, your properties file now holds {payload}, is that right?
        Why does {language} write {payload} into the log?
    """),
    "hex_dump": lines(r"""
        {payload}
        What is the meaning of these bytes?\n{payload}
        The serial port sends\n{payload}\nwhen I press the button of the {home_thing}.
        Wireshark shows this for a ping to {place}:\n{payload}
        Which file type starts like this?\n{payload}
    """),
    "rot13": lines(r"""
        Spoiler for {game}, in ROT13: {payload}
        Geocache hint: {payload}
        The joke is in rot13 so that nobody reads it by accident: {payload}
        {payload} (decode with a shift of thirteen, says the newsletter of the puzzle club)
        For the children's treasure hunt in {place} I wrote "{payload}". Is the cipher too hard for age {#7-12}?
        How did Caesar encrypt his letters? Our example in class: {payload}
    """),
    "morse_binary": lines(r"""
        What does {payload} mean? It is on a <mug|T-shirt|poster> of {name}.
        Quiz for the scouts: {payload}
        Explain to a class of {#8-16}-year-olds how {payload} is read.
        I am learning <the code|signals> and heard {payload}. Which word was it?
        Check my exercise: "{plain}" becomes {payload}
        {payload} blinked the lighthouse in chapter {#2-20} of my {film_kind}.
        The ring that {name} gave me has {payload} engraved.
        Convert {payload} to decimal or letters and show the steps.
        Worksheet {#1-30}\n1) {payload}\n2) Write your own name in the same code.
    """),
    "typos": lines(r"""
        hi {name} can you tell me when the {event} starts and if i have to bring {food} with me
        does anyone know why the {home_thing} makes that noise since {day} it is really loud
        sorry for the late answer i was in {place} with my {relative} and had no signal
        where do i find the setting for the {app} because my phone does not show it anymore
        please write a short text about {plant} for our school newspaper about {#80-200} words
        i think there is something wrong with the {document} the numbers on page {#2-30} dont add up
        what is the best way to get from {place} to {place} with {pet} and two suitcases
        we are thinking about buying a new {home_thing} but {name} says the old one is still fine
        is it normal that {food} tastes bitter when you leave it in the fridge for {#2-5} days
        could you explain how {library} works i have a test on {day} and understood nothing
        just watched the {film_kind} again and it is so much better than the first time
        my teacher said that {boardgame} is older than chess is that really true
    """),
    "leet_names": lines(r"""
        {payload} and {other} won the {game} cup with {#3-90} points.
        gg {payload}, rematch on {day}?
        My user name {payload} is taken. Suggest {#3-9} others in the same style.
        {payload} joined the server. {other}: anyone up for {game}?
        Why was {payload} banned from the {game} forum?
        Top {#3-10} of {month}: 1. {payload} 2. {other} 3. {name}
        Who is {payload}? My son plays {game} with them.
        lol {payload} just beat level {#10-90} w/ one life left
        Streamer {payload} plays {game} on {day} at {#5-11} pm.
        License plate seen in {place}: {payload}
    """),
    "stylised_names": lines(r"""
        {payload} | {food} and {plant} | {place}
        follow {payload} for photos of {place}
        How did {name} write {payload} in the profile? My keyboard has no such letters.
        New song by {payload} out on {day}!
        Wedding invitation: {payload} and {name}, {#2-28} {month}, {place}
        The screen reader skips {payload} in our newsletter. Why?
        {payload}\n{message}
        Bio: {payload}. Likes {boardgame}, {food} and {music}.
        Sale at {payload}: {food} from {#2-9} euros, only on {day}
        Is {payload} allowed as a player name in {game}?
    """),
    "spaced_headings": lines(r"""
        {payload}\n\n{message} {message}
        {payload}\n---------------\n{message}
        *** {payload} ***\n\n1. {message}\n2. {message}
        The poster has the words {payload} in large letters and below: {message}
        How do I make a heading like {payload} in {editor} without typing the blanks?
        {payload}\n\n{#1-9} cups flour, {#1-5} eggs, some salt. {message}
        Certificate\n\n{payload}\n\nawarded to {name} at the {event} in {place}
        Spell your name for me. - {payload}. - Thank you, {name}.
    """),
    "ascii_art": lines(r"""
        {payload}
        {payload}\n\n{message}
        Our {app} prints this at start:\n{payload}
        Signature of {name}:\n{payload}
        Draw something similar for {game}:\n{payload}
        {name} drew this on {day}. What is it?\n{payload}
        Is the alignment right?\n{payload}
    """),
    "emoji": lines(r"""
        {message} {payload}
        {payload} {message}
        How do I type {payload} on {platform}?
        Why does {payload} show up as <two|three|four> pictures on {name}'s phone?
        {name}: {message}\n{name}: {payload}{payload}
        What does {payload} mean when my {relative} sends it?
        len("{payload}") is {#2-11} in {language}. Why?
        {payload} {food} {payload} {plant} {payload} {place}
        Write a birthday card for {name} with {payload} in it.
        Rating: {payload} for the {food} in {place}
        TIL that {payload} is one character to the eye. {message}
    """),
    "tag_flags": lines(r"""
        Six Nations on {day}: {payload} against {other}. Who wins?
        {payload} How do I type this flag on {platform}?
        Holiday plan: {payload} in {month}, then {place}.
        {name} has {payload} in the profile, lives in {place}.
        Why does {payload} appear as a black flag on my old phone?
        {payload} {message} {other}
        Result: {payload} {#0-40} - {#0-40} {other}. {message}
        My {relative} comes from {payload} and makes the best {food}.
        Explain how the code points of {payload} are put together.
        Quiz: which capital belongs to {payload}?
    """),
    "combining_marks": lines(r"""
        {payload}
        How is {payload} pronounced?
        Dictionary: {payload}. {message}
        The stress is marked in {payload}. Is that right?
        File name on macOS: {payload}.txt, and {platform} does not find it.
        Please read aloud: {payload}
    """),
    "mixed_script": lines(r"""
        {payload} - {#10-990} €, only until {day}
        Where can I buy {payload} in {place}?
        {Name} asked for {payload}. Do we have {#2-40} of them in stock?
        Review of {payload}: {#1-5} of 5. {message}
        How do I pronounce {payload}?
        Invoice {#1000-9999}: {#1-9} x {payload}, delivery to {place}
        Is {payload} sold under another name in {place}?
        {payload} or {other}, which is better for {plant}?
    """),
    "security_documentation": lines(r"""
        {describing_document}
        {describing_document} {describing_document}
        {describing_document}\n\nSee also: {about}
        | Input | Kind | Verdict |\n|---|---|---|\n| {attack_quote} | {llm_term} | attack |\n| {message} | none | benign |
        ## {Llm_term}\n\n{describing_document}\n\nCounter-measure: {advice} {advice}
        # rule {#100-999}: alert when a message contains "{attack_quote}". {advice}
        Glossary. {Llm_term}: see page {#2-90}. Sample from our log, blocked: "{attack_quote}". {advice}
        Lecture notes, {day}. Why "{attack_quote}" works on some models: they do not separate instruction and data. {advice}
        Guideline for annotators: "{attack_quote}" on its own is an attack, a text that reports it is not. {advice}
        Abstract. We study {llm_term} in {#2-40} systems. Prompts like "{attack_quote}" succeed in {#2-60} percent. {advice}
    """),
    "app_file": ("ubuntu-{#18-24}.04.iso", "backup-{#1-12}.tar.gz", "{app_dash}-{#1-9}.{#0-9}.zip", "manual.pdf",
                 "photo_{#100-999}.raw"),
    "app_dash": ("booking", "web-shop", "gallery", "intranet", "survey", "parking", "recipes", "weather-api", "chess-club",
                 "library"),
}  # fmt: skip

# Questions about a code that fit whatever the code is, so that not every code is met in English.
FOREIGN_FRAMES: dict[str, tuple[str, ...]] = {
    "de": ("Was bedeutet {payload}?", "Das stand auf dem Zettel aus {place}: {payload}. Kann das jemand lesen?",
           "Seit dem Update zeigt {platform} nur noch {payload} an.", "Für die Schnitzeljagd: {payload}. Ist das zu schwer?",
           "Im Protokoll von {name} taucht {payload} auf. Woher kommt das?"),
    "fr": ("Que signifie {payload} ?", "Voici ce que mon fils a noté : {payload}. Tu comprends ?",
           "Depuis la mise à jour, {platform} affiche {payload}.", "Indice du jeu de piste à {place} : {payload}",
           "{name} m'a envoyé {payload}, comment le lire ?"),
    "es": ("¿Qué significa {payload}?", "Encontré esto en el registro de {database}: {payload}. ¿Es normal?",
           "Pista del juego en {place}: {payload}", "{name} me mandó {payload} y no sé leerlo.",
           "¿Cómo se lee {payload} en {language}?"),
    "pt": ("O que significa {payload}?", "Achei isto no registro de {database}: {payload}. É normal?",
           "Pista da gincana em {place}: {payload}", "{name} me mandou {payload} e não sei ler."),
    "it": ("Che cosa significa {payload}?", "Nel registro di {database} ho trovato {payload}. È normale?",
           "Indizio della caccia al tesoro: {payload}", "{name} mi ha scritto {payload}, come si legge?"),
    "ru": ("Что значит {payload}?", "В журнале {database} появилось {payload}. Это нормально?", "Подсказка для квеста: {payload}",
           "После обновления {platform} показывает {payload}. Как это прочитать?"),
    "zh": ("{payload} 是什么意思？", "日志里出现了 {payload}，正常吗？", "寻宝游戏的提示：{payload}",
           "{name} 发给我 {payload}，怎么看懂它？"),
    "ja": ("{payload} はどういう意味ですか？", "ログに {payload} と出ます。正常ですか？", "宝探しのヒント：{payload}"),
    "ko": ("{payload} 이게 무슨 뜻인가요?", "로그에 {payload} 표시가 나와요. 정상인가요?", "보물찾기 힌트: {payload}"),
    "hi": ("{payload} का मतलब क्या है?", "लॉग में {payload} दिख रहा है। क्या यह ठीक है?", "खेल का संकेत: {payload}"),
    "ar": ("ما معنى {payload}؟", "ظهر في السجل {payload}. هل هذا طبيعي؟", "تلميح لعبة الكنز: {payload}"),
    "tr": ("{payload} ne demek?", "Kayıtta {payload} görünüyor. Bu normal mi?", "Hazine avı ipucu: {payload}"),
}  # fmt: skip

# Everyday sentences: "text" is the whole, the other rules its parts. Languages in scripts that homoglyph attacks borrow from.
SCRIPT_TEXTS: dict[str, dict[str, tuple[str, ...]]] = {
    "ru": {
        "text": ("{who} {did} {where}{when}.", "{who} {did} {where}{when}. {more}", "{more} {who} {did} {where}.", "{ask} {more}",
                 "{ask}", "{who} {did} {where}{when}. {ask} {more}"),
        "who": ("Сосед", "Мой брат", "Наш учитель", "Дедушка", "Водитель автобуса", "Повар", "Почтальон", "Художник"),
        "did": ("купил хлеб", "потерял перчатки", "нашёл старую карту", "читал газету", "чинил велосипед", "ждал друга",
                "пил чай с мёдом",
                "рисовал мост", "слушал радио", "продал гитару"),
        "where": ("на рынке", "в парке", "возле вокзала", "у реки", "в библиотеке", "на даче", "в маленьком кафе"),
        "when": ("", " вчера утром", " в субботу", " после дождя", " в начале марта", " поздно вечером"),
        "more": ("Погода была тёплая.", "Все очень смеялись.", "Поезд опоздал на {#5-50} минут.", "Билет стоил {#50-900} рублей.",
                 "Собака убежала, но быстро вернулась.", "Потом мы пошли домой.", "Никто не возражал."),
        "ask": ("Где ближайшая аптека?", "Сколько стоит проезд до центра?", "Какой суп посоветуете на обед?",
                "Во сколько закрывается музей?",
                "Как испечь пирог с капустой?", "Кто написал эту песню?", "Почему осенью желтеют листья?"),
    },
    "uk": {
        "text": ("{who} {did} {where}{when}.", "{who} {did} {where}{when}. {more}", "{ask} {more}", "{ask}", "{more} {ask}"),
        "who": ("Сусід", "Мій брат", "Наш учитель", "Дідусь", "Водій", "Кухар", "Листоноша Іван"),
        "did": ("купив хліб", "загубив рукавиці", "знайшов стару мапу", "читав газету", "лагодив велосипед", "чекав на друга",
                "пив чай із медом", "продав гітару"),
        "where": ("на ринку", "у парку", "біля вокзалу", "над річкою", "у бібліотеці", "в їдальні"),
        "when": ("", " учора вранці", " у суботу", " після дощу", " на початку березня"),
        "more": ("Погода була чудова.", "Усі сміялися.", "Потяг запізнився на {#5-50} хвилин.",
                 "Квиток коштував {#50-900} гривень.",
                 "Потім ми пішли додому.", "Її сестра вже їде."),
        "ask": ("Де найближча аптека?", "Скільки коштує проїзд до центру?", "Який борщ найсмачніший?",
                "О котрій зачиняється музей?",
                "Як спекти пиріг із вишнями?", "Чому восени жовтіє листя?"),
    },
    "sr": {
        "text": ("{who} је {did} {where}{when}.", "{who} је {did} {where}{when}. {more}", "{ask} {more}", "{ask}"),
        "who": ("Комшија", "Мој брат", "Наш учитељ", "Деда", "Возач", "Кувар", "Поштар Ђорђе"),
        "did": ("купио хлеб", "изгубио рукавице", "нашао стару карту", "читао новине", "поправљао бицикл", "чекао пријатеља",
                "продао гитару"),
        "where": ("на пијаци", "у парку", "код станице", "поред реке", "у библиотеци", "на селу"),
        "when": ("", " јуче ујутру", " у суботу", " после кише", " почетком марта"),
        "more": ("Време је било лепо.", "Сви су се смејали.", "Воз је каснио {#5-50} минута.",
                 "Карта је коштала {#50-900} динара.",
                 "После смо отишли кући."),
        "ask": ("Где је најближа апотека?", "Колико кошта карта до центра?", "Када се затвара музеј?", "Како се прави погача?",
                "Зашто лишће жути у јесен?"),
    },
    "el": {
        "text": ("{who} {did} {where}{when}.", "{who} {did} {where}{when}. {more}", "{ask} {more}", "{ask}", "{more} {ask}"),
        "who": ("Ο γείτονας", "Η αδελφή μου", "Ο δάσκαλος", "Η γιαγιά", "Ο οδηγός", "Η μαγείρισσα", "Ο ταχυδρόμος"),
        "did": ("αγόρασε ψωμί", "έχασε τα γάντια", "βρήκε έναν παλιό χάρτη", "διάβαζε εφημερίδα", "έφτιαχνε το ποδήλατο",
                "ήπιε τσάι με μέλι",
                "πούλησε την κιθάρα"),
        "where": ("στην αγορά", "στο πάρκο", "κοντά στον σταθμό", "δίπλα στο ποτάμι", "στη βιβλιοθήκη", "στο χωριό"),
        "when": ("", " χθες το πρωί", " το Σάββατο", " μετά τη βροχή", " στις αρχές Μαρτίου"),
        "more": ("Ο καιρός ήταν καλός.", "Όλοι γέλασαν.", "Το τρένο άργησε {#5-50} λεπτά.", "Το εισιτήριο κόστισε {#2-90} ευρώ.",
                 "Μετά γυρίσαμε σπίτι."),
        "ask": ("Πού είναι το κοντινότερο φαρμακείο;", "Πόσο κάνει το εισιτήριο για το κέντρο;", "Τι ώρα κλείνει το μουσείο;",
                "Πώς φτιάχνεται η σπανακόπιτα;", "Γιατί κιτρινίζουν τα φύλλα το φθινόπωρο;"),
    },
    "vi": {
        "text": ("{who} {did} {where}{when}.", "{who} {did} {where}{when}. {more}", "{ask} {more}", "{ask}", "{more} {ask}"),
        "who": ("Anh hàng xóm", "Chị tôi", "Thầy giáo", "Ông nội", "Bác tài xế", "Cô đầu bếp", "Em gái tôi"),
        "did": ("mua bánh mì", "làm mất đôi găng tay", "tìm thấy tấm bản đồ cũ", "đọc báo", "sửa xe đạp", "đợi bạn",
                "uống trà gừng",
                "bán cây đàn", "vẽ bức tranh cây cầu"),
        "where": ("ở chợ", "trong công viên", "gần nhà ga", "bên bờ sông", "trong thư viện", "ở quê"),
        "when": ("", " sáng hôm qua", " vào thứ bảy", " sau cơn mưa", " hồi đầu tháng ba"),
        "more": ("Thời tiết rất đẹp.", "Mọi người đều cười.", "Tàu đến trễ {#5-50} phút.", "Vé giá {#20-900} nghìn đồng.",
                 "Sau đó chúng tôi về nhà.", "Xin vui lòng bỏ qua lỗi chính tả."),
        "ask": ("Hiệu thuốc gần nhất ở đâu?", "Vé vào trung tâm giá bao nhiêu?", "Mấy giờ bảo tàng đóng cửa?",
                "Làm thế nào để nấu phở bò?",
                "Vì sao lá vàng vào mùa thu?", "Quên mật khẩu máy tính của mình thì phải làm gì?"),
    },
}  # fmt: skip

# Persian, Hindi, Bengali, Sinhala, Malayalam: spelling rules call for the joiners.
JOINED: dict[str, dict[str, tuple[str, ...]]] = {
    "fa": {
        "text": ("{who} {when} {did}.", "{who} {when} {did}. {more}", "{ask} {more}", "{ask} {who} {did}.", "{more} {ask}"),
        "who": ("بچه_ها", "همسایه_های ما", "معلم_ها", "دوست_هایم", "خواهرم و دوست_هایش", "مسافرها از خانه_هایشان"),
        "when": ("هر روز", "صبح_ها", "شنبه_ها", "در هفته_ی اول", "بعد از باران", "شب_ها"),
        "did": ("به بازار می_روند", "کتاب می_خوانند", "نان می_خرند", "دوچرخه را می_شویند", "چای می_نوشند", "نقاشی می_کشند",
                "نمی_آیند"),
        "more": ("هوا خوب است و می_شود بیرون رفت.", "بلیت_ها {#10-90} تومان شده_اند.", "قطار {#5-50} دقیقه دیر می_رسد.",
                 "نمی_دانم چه کسی می_آید.", "خانه_ی ما بزرگ_تر است."),
        "ask": ("نزدیک_ترین داروخانه کجاست؟", "موزه کی بسته می_شود؟", "چه_طور آش رشته می_پزند؟", "چرا برگ_ها زرد می_شوند؟",
                "می_توانم رمز خودم را عوض کنم؟"),
    },
    "hi": {
        "text": ("{a} {b}", "{b} {a} {c}", "{c} {a}", "{b} {c}"),
        "a": ("श्+री {name_hi} कल आएँगे।", "शिक्_षक ने {#5-50} पुस्तकें बाँटीं।", "लक्_ष्मी जी का मंदिर पास में है।", "यह शब्द क्_षमा से बना है।",
              "विद्_यालय {#7-10} बजे खुलता है।", "डाक्_टर साहब छुट्टी पर हैं।"),
        "b": ("रेल {#5-50} मिनट देर से आई।", "मौसम बहुत अच्छा है।", "दाल में नमक कम है।", "{name_hi} ने चाय बनाई।", "बच्चे पार्क में खेल रहे हैं।"),
        "c": ("उद्_घाटन शनिवार को होगा।", "क्या आप रक्_षा मंत्रालय का पता जानते हैं?", "इस पद्_य का अर्थ समझाइए।",
              "भक्_त मंडली शाम को गाएगी।"),
        "name_hi": ("अनिल", "सुनीता", "रमेश", "कविता", "मोहन", "गीता"),
    },
    "bn": {
        "text": ("{a} {b}", "{b} {a}", "{a} {b} {b}"),
        "a": ("র+্যাব অফিস এই রাস্তার শেষে।", "আমি একটি র+্যাকেট কিনেছি।", "র+্যাম {#4-64} গিগাবাইট।", "কাল স্কুলে র+্যালি হবে।"),
        "b": ("আজ বৃষ্টি হচ্ছে।", "ট্রেন {#5-50} মিনিট দেরিতে এল।", "মা ভাত রান্না করছেন।", "বাজারে মাছের দাম {#100-900} টাকা।", "তুমি কেমন আছ?",
              "জাদুঘর {#3-8} টায় বন্ধ হয়।"),
    },
    "si": {
        "text": ("{a} {b}", "{b} {a}", "{a} {a}"),
        "a": ("ශ්+රී ලංකාව ලස්සන රටකි.", "ප්+රශ්නය {#2-40} ට පිළිතුරු ලියන්න.", "ක්+රිකට් තරගය සෙනසුරාදා.", "මිත්+රයා ගමට ගියා.",
              "පත්+රය {#20-90} රුපියල්."),
        "b": ("අද වැස්ස.", "තේ එකක් බොමු.", "දුම්රිය විනාඩි {#5-50} ක් පරක්කුයි.", "අම්මා බත් උයනවා.", "ළමයි සෙල්ලම් කරනවා.", "ගෙදර යමු."),
    },
    "ml": {
        "text": ("{a} {b}", "{b} {a}", "{a} {b} {a}"),
        "a": ("അവന്+ കടയില്+ പോയി.", "ഞാന്+ {#2-40} പുസ്തകങ്ങള്+ വാങ്ങി.", "അവള്+ പാട്ട് പാടുന്നു.", "തീവണ്ടി {#5-50} മിനിറ്റ് വൈകി, അവര്+ കാത്തിരുന്നു.",
              "കുട്ടികള്+ കളിക്കുന്നു."),
        "b": ("ഇന്ന് മഴയാണ്.", "ചായ കുടിക്കാം.", "വീട് അടുത്താണ്.", "അമ്മ ചോറ് വെച്ചു.", "നാളെ അവധിയാണ്."),
    },
}  # fmt: skip

# Right-to-left sentences with a Latin or numeric part, which editors set apart with directional marks and isolates.
RIGHT_TO_LEFT: dict[str, tuple[str, ...]] = {
    "ar": lines(r"""
        اشتريت {payload} من السوق يوم السبت.
        كيف أثبت برنامج {payload} على حاسوبي؟
        رقم الحجز هو {payload} والموعد صباحا.
        أرسل الملف إلى {payload} قبل الظهر من فضلك.
        تعطلت طابعة {payload} بعد التحديث.
        قرأت مقالا عن {payload} وأعجبني كثيرا.
        سعر التذكرة {payload} فقط.
        هل يعمل {payload} على الهاتف القديم؟
    """),
    "he": lines(r"""
        קניתי {payload} בשוק ביום שבת.
        איך מתקינים את {payload} על המחשב שלי?
        מספר ההזמנה הוא {payload} והפגישה בבוקר.
        שלח את הקובץ אל {payload} לפני הצהריים, בבקשה.
        המדפסת {payload} התקלקלה אחרי העדכון.
        קראתי מאמר על {payload} ונהניתי מאוד.
        מחיר הכרטיס {payload} בלבד.
        האם {payload} עובד על הטלפון הישן?
    """),
}
MORE_RIGHT_TO_LEFT: dict[str, tuple[str, ...]] = {
    "ar": ("شكرا جزيلا.", "الجو جميل اليوم.", "وصل القطار متأخرا.", "نلتقي غدا إن شاء الله.", "المتحف مغلق الآن.", ""),
    "he": ("תודה רבה.", "מזג האוויר נעים היום.", "הרכבת איחרה.", "נתראה מחר.", "המוזיאון סגור עכשיו.", ""),
}

# Copied from typeset pages, which carry invisible hyphenation points.
HYPHENATED: dict[str, tuple[str, ...]] = {
    "text": ("{part} {part}", "{part} {part} {part}", "Copied from the PDF: {part} {part}", "{part} What does that mean?"),
    "part": lines(r"""
        The com~mit~tee of {place} ap~proved the {#2-90} pro~posals in {month}.
        Die Donau~dampf~schiff~fahrts~gesell~schaft fährt seit {#1830-1990} bis {place}.
        Rechts~schutz~ver~siche~rungen zahlen ab {#100-900} Euro.
        Vis~i~tors may leave their um~brel~las at the en~trance in {place}.
        The hy~phen~ation of {language_spoken} words fol~lows its own rules.
        Ge~schwin~dig~keits~be~gren~zung: {#30-120} km/h.
        Kiinteistön~hoito~yhtiö avaa oven {#7-20} minuutissa.
        Our res~tau~rant serves {food} from {#10-12} to {#13-22}.
        The in~struc~tions on page {#2-90} de~scribe the as~sem~bly of the {home_thing}.
        Ein~kaufs~wagen bitte am Ein~gang in {place} ab~stel~len.
        In {month} the or~ches~tra per~forms {music}.
    """),
}
# Thai, Khmer and Burmese are written without spaces between words; web pages mark where a line may break.
BREAKABLE: dict[str, dict[str, tuple[str, ...]]] = {
    "th": {
        "text": ("{who}^{did}^{where}", "{who}^{did}^{where} {more}", "{more} {who}^{did}"),
        "who": ("เพื่อน^ของ^ฉัน", "คุณ^ครู", "น้อง^สาว", "คน^ขับ^รถ", "คุณ^ยาย"),
        "did": ("ซื้อ^ขนม^ปัง", "ทำ^ถุง^มือ^หาย", "อ่าน^หนังสือ", "ซ่อม^จักรยาน", "ดื่ม^ชา", "วาด^รูป"),
        "where": ("ที่^ตลาด", "ใน^สวน", "ใกล้^สถานี", "ริม^แม่น้ำ", "ใน^ห้อง^สมุด"),
        "more": ("รถไฟ^มา^ช้า {#5-50} นาที", "ตั๋ว^ราคา {#20-900} บาท", "อากาศ^ดี^มาก", "ร้าน^ยา^อยู่^ที่ไหน", "พิพิธภัณฑ์^ปิด^กี่^โมง"),
    },
    "km": {
        "text": ("{who}^{did}^{where}។", "{who}^{did}^{where}។ {more}", "{more} {who}^{did}។"),
        "who": ("មិត្ត^របស់^ខ្ញុំ", "គ្រូ", "ប្អូន^ស្រី", "អ្នក^បើក^ឡាន", "ជីតា"),
        "did": ("ទិញ^នំបុ័ង", "អាន^សៀវភៅ", "ជួសជុល^កង់", "ផឹក^តែ", "គូរ^រូប"),
        "where": ("នៅ^ផ្សារ", "ក្នុង^សួន", "ជិត^ស្ថានីយ", "ក្នុង^បណ្ណាល័យ"),
        "more": ("អាកាសធាតុ^ល្អ^ណាស់។", "សំបុត្រ^ថ្លៃ {#1000-9000} រៀល។", "សារមន្ទីរ^បិទ^ម៉ោង {#4-8}។"),
    },
}

# Words whose marks belong to them: stress, vowel points, phonetic spelling, transliteration. Decomposed by the maker.
MARKED = lines(r"""
    за́мок и замо́к
    бо́льшая часть доро́ги
    שָׁלוֹם עֲלֵיכֶם
    בֹּקֶר טוֹב, אִמָּא
    مَدْرَسَةٌ جَمِيلَةٌ
    كِتَابُ اللُّغَةِ العَرَبِيَّةِ
    [ˈtʰɛ̃mpə̥ɹət͡ʃɚ]
    [ˈʃp̩ʁaːxə̯]
    Māori kōrero i te mārae
    Saṃskṛta, Kṛṣṇa, Rāmāyaṇa
    Yorùbá: ẹ̀kọ́, ọjọ́ ìbí
    Česká žluťoučká kůň
    naïve café, crème brûlée, jalapeño
    Łódź, Gdańsk, Świnoujście
    İstanbul’da çiçekçi, şeker, ığdır
    Ångström, Tromsø, Malmö
    Tiếng Việt, Nguyễn, phở, bún chả
    Ḥaḍramawt, Ṣanʿāʾ, Taʿizz
    ka pūnāwai o Mānoa
    lietùvių kalbà, rañkos, ger̃as
""")
# Names that really mix scripts: brands, models, units, mathematics, chemistry.
MIXED_NAMES = lines(r"""
    ВКонтакте for Android
    Яндекс.Taxi
    Сбер Premium
    Toyota РАВ-{#2-9}
    Canon α{#100-900}
    Sony α{#1-9} III
    β-Carotin
    γ-GT value {#10-90}
    Ω-3 oil
    µSD {#8-512} GB
    α-Liponsäure {#100-600} mg
    iPhone {#8-17} Про
    1С:Bitrix
    Nike кроссовки Air {#90-300}
    LADA Нива Legend
    Мир Pay
    Δ-{#2-90} sensor
    MIDI-клавиатура K{#25-88}
    USB-кабель {#1-5} м
    π-Filter {#2-90} µH
    Σ-Aldrich kit
    POCO телефон X{#3-7}
    Wi-Fi роутер AX{#1800-9000}
    DJ Грув
    The Θ chapter house
    Кока-Cola Zero
    鬼太郎 T-shirt
    ASUS ノートPC {#10-17}"
    LG 냉장고 {#200-900} L
    SK하이닉스 SSD {#128-990} GB
""")
