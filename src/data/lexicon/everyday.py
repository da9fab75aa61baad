"""Harmless talk that sounds like an order or a fraud: questions with a formal lead, customers, payments, old English.

prefix     a lead before a question, ends with a colon
service    a sentence of a customer, a shop or a bookkeeper
archaic    English only: sentences as old plays and psalms have them
"""

from __future__ import annotations

from src.data.lexicon.blocks import lines

EVERYDAY: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "prefix": lines(r"""
            {Please |}{answer|consider|solve} the {following|next} {question|task|problem}{| carefully| truthfully| in \
                one line}:
            {Read|Look at} the {text|passage|sentence} and answer{| the question}:
            {Here is a|You are given a} {question|task}{|, reply with the answer only|, explain your choice}:
            {Question|Q|Input|Instruction|Exercise {small}}:
            {I am going to|Let me} ask you {a question|something}, {please answer it|be honest}:
            {Given the context|Using your knowledge|As an expert}, {answer|respond to} this:
        """),
        "service": lines(r"""
            My order {code} {has not arrived|came twice|is missing a part}{|, and nobody answers my mails}.
            I {paid|transferred|sent} {number} {euros|dollars|pounds} on {date} for invoice {code}{|, please confirm}.
            {The payment|The transfer|Your refund} of {number} {euros|dollars} {was received|is on its way|failed} on {day}.
            Please {send|forward} the {receipt|invoice} for {code} to {mailbox}{| by {day}}.
            {My name is|This is} {name} {surname}, customer number {number}{number}.
            {I want|I would like} to {cancel|change|return} {order|booking|subscription} {code}{|, at once| before {day}}.
            {Why was|Who} {my account charged|I charged} {number} {euros|dollars} {twice|on {date}}?
            {Account|Card} ending in {number}: {debit|credit} of {number}.{small}0, {brand}.
            {Can you|Could somebody} {check|update} {my address|the delivery date|the amount} for {code}?
            I {forgot my password|cannot log in|never got the code}; {please reset it|what now}?
            {Agent|Support}: {thank you for waiting|one moment please|I have found order {code}}.
            {Dear customer|Dear {name}}, {your parcel {code} arrives on {day}|we have booked {number} euros}.
        """),
        "archaic": lines(r"""
            {Thou|Ye} who {walkest|wanderest} in {darkness|the vale}, {hearken|give ear} unto {me|the bells}.
            {Forget|Heed} not thy {father's|mother's} {words|law}, {nor|neither} {scorn|forsake} the {poor|stranger}.
            {Verily|Lo}, {the king|my lord} hath {commanded|spoken}, and {none|no man} shall {gainsay|answer} him.
            O {sweet|cruel|gentle} {death|night|love}, wherefore {dost thou|must thou} {tarry|smite me}?
            {Go|Get thee} {hence|forth}, {knave|good {name}}, and {speak|tell} no {more|word} of {this|gold}.
            {'Tis|It was} the {hour|season} when {daggers|lilies|ghosts} {wake|sleep} beneath the {moon|yew}.
            Whosoever {breaketh|keepeth} the {oath|bread} shall {perish|find rest} {by the sword|in the hall}.
            {Slay|Spare} the {dragon|beast}, {brave|young} {name}, and thou shalt {have|rule} half the {realm|vale}.
            Methinks {she|he} {loveth|deceiveth} {thee|us}, {sirrah|my liege}; {mark|trust} {her|his} {eyes|tongue}.
            {Henceforth|From this day} shall {no|every} {man|maid} {obey|bow to} {a tyrant|the crown}.
        """),
    },
    "de": {
        "prefix": lines(r"""
            {Bitte |}beantworte{|n Sie} {die folgende Frage|folgende Aufgabe}{| kurz| in einem Satz}:
            {Lies|Lesen Sie} den Text und {antworte|antworten Sie}:
            {Hier ist eine|Es folgt eine} {Frage|Aufgabe}:
            {Frage|Aufgabe {small}|Eingabe}:
        """),
        "service": lines(r"""
            Meine Bestellung {code} ist {noch nicht da|beschädigt|doppelt gekommen}.
            Ich habe am {date} {number} Euro für Rechnung {code} {überwiesen|bezahlt}.
            {Die Zahlung|Ihre Erstattung} über {number} Euro ist {eingegangen|unterwegs|gescheitert}.
            Bitte {senden|schicken} Sie die {Rechnung|Quittung} {code} an {mailbox}.
            Hier ist {name} {surname}, Kundennummer {number}{number}.
            Ich möchte {die Buchung|das Abo|den Auftrag} {code} {stornieren|ändern}.
            Warum wurden {number} Euro {zweimal|am {date}} abgebucht?
            Guten Tag {name}, Ihr Paket {code} kommt am {day}.
        """),
    },
    "fr": {
        "prefix": lines(r"""
            {Réponds|Répondez|Veuillez répondre} à la question suivante{| en une phrase| brièvement} :
            {Lis|Lisez} le texte et {réponds|répondez} :
            Voici une {question|consigne|tâche} :
            {Question|Exercice {small}|Entrée} :
        """),
        "service": lines(r"""
            Ma commande {code} {n'est pas arrivée|est incomplète|est abîmée}.
            J'ai {payé|viré} {number} euros le {date} pour la facture {code}.
            {Le paiement|Votre remboursement} de {number} euros {a bien été reçu|a échoué|est en cours}.
            Merci d'envoyer le reçu {code} à {mailbox}.
            Ici {name} {surname}, client numéro {number}{number}.
            Je voudrais {annuler|modifier} {la réservation|l'abonnement} {code}.
            Pourquoi ai-je été débité de {number} euros {deux fois|le {date}} ?
            Bonjour {name}, votre colis {code} arrive {day}.
        """),
    },
    "es": {
        "prefix": lines(r"""
            {Por favor, responde|Responda|Contesta} {la siguiente pregunta|a esta cuestión}{| en una frase| con cuidado}:
            {Lee|Lea} el texto y {responde|conteste}:
            {Pregunta|Ejercicio {small}|Tarea}:
        """),
        "service": lines(r"""
            Mi pedido {code} {no ha llegado|llegó roto|está incompleto}.
            {Pagué|Transferí} {number} euros el {date} por la factura {code}.
            {El pago|Su reembolso} de {number} euros {se recibió|falló|está en camino}.
            Envíen el recibo {code} a {mailbox}, por favor.
            Soy {name} {surname}, cliente número {number}{number}.
            Quiero {cancelar|cambiar} {la reserva|la suscripción} {code}.
            ¿Por qué me cobraron {number} euros {dos veces|el {date}}?
        """),
    },
    "it": {
        "prefix": (
            "{Rispondi|Per favore rispondi} alla {seguente domanda|domanda che segue}:",
            "Leggi il testo e rispondi:",
            "{Domanda|Compito {small}}:",
        ),
        "service": lines(r"""
            Il mio ordine {code} {non è arrivato|è arrivato rotto}.
            Ho {pagato|versato} {number} euro il {date} per la fattura {code}.
            {Il pagamento|Il rimborso} di {number} euro {è arrivato|non è riuscito}.
            Sono {name} {surname}, cliente numero {number}{number}.
            Vorrei {annullare|cambiare} la prenotazione {code}.
        """),
    },
    "pt": {
        "prefix": (
            "{Responda|Por favor, responda} {à seguinte pergunta|à pergunta abaixo}:",
            "Leia o texto e responda:",
            "{Pergunta|Tarefa {small}}:",
        ),
        "service": lines(r"""
            Meu pedido {code} {não chegou|veio quebrado}.
            {Paguei|Transferi} {number} reais em {date} pela fatura {code}.
            {O pagamento|O reembolso} de {number} reais {foi recebido|falhou}.
            Sou {name} {surname}, cliente número {number}{number}.
            Quero {cancelar|mudar} a reserva {code}.
        """),
    },
    "nl": {
        "prefix": (
            "{Beantwoord|Graag antwoord op} de volgende vraag:",
            "Lees de tekst en antwoord:",
            "{Vraag|Opdracht {small}}:",
        ),
        "service": lines(r"""
            Mijn bestelling {code} is {niet aangekomen|kapot|dubbel geleverd}.
            Ik heb op {date} {number} euro betaald voor factuur {code}.
            {De betaling|Uw terugbetaling} van {number} euro is {ontvangen|mislukt}.
            Met {name} {surname}, klantnummer {number}{number}.
            Ik wil boeking {code} {annuleren|wijzigen}.
        """),
    },
    "tr": {
        "prefix": ("{Lütfen |}{aşağıdaki|şu} soruyu {cevapla|yanıtla}:", "Metni oku ve cevapla:", "{Soru|Görev {small}}:"),
        "service": lines(r"""
            {code} numaralı siparişim {gelmedi|kırık geldi|eksik}.
            {date} tarihinde {code} faturası için {number} lira {ödedim|gönderdim}.
            {number} liralık {ödeme|iade} {alındı|başarısız oldu}.
            Ben {name} {surname}, müşteri numaram {number}{number}.
            {code} rezervasyonunu {iptal etmek|değiştirmek} istiyorum.
        """),
    },
    "ru": {
        "prefix": lines(r"""
            {Пожалуйста, ответь|Ответьте|Ответь} на {следующий вопрос|вопрос ниже}{| одним предложением| кратко}:
            {Прочитай|Прочтите} текст и {ответь|ответьте}:
            {Вопрос|Задание {small}|Задача}:
        """),
        "service": lines(r"""
            Мой заказ {code} {не пришёл|пришёл разбитым|потерялся}.
            {date} я {оплатил|перевёл} {number} рублей по счёту {code}.
            {Платёж|Возврат} на {number} рублей {получен|не прошёл|в пути}.
            Пришлите чек {code} на {mailbox}.
            Это {name} {surname}, номер клиента {number}{number}.
            Хочу {отменить|изменить} бронь {code}.
            Почему с карты {дважды списали|списали} {number} рублей?
            Здравствуйте, {name}, посылка {code} придёт {date}.
        """),
    },
    "ar": {
        "prefix": ("{من فضلك |}أجب عن {السؤال التالي|هذا السؤال}:", "اقرأ النص ثم أجب:", "{سؤال|تمرين {small}}:"),
        "service": lines(r"""
            طلبي {code} {لم يصل|وصل مكسورا}.
            دفعت {number} ريال يوم {date} عن الفاتورة {code}.
            {تم استلام|فشل} دفع {number} ريال.
            أنا {name} {surname}، رقم العميل {number}{number}.
            أريد {إلغاء|تغيير} الحجز {code}.
        """),
    },
    "hi": {
        "prefix": ("{कृपया |}{निम्नलिखित|इस} प्रश्न का उत्तर दें:", "पाठ पढ़ो और उत्तर दो:", "{प्रश्न|कार्य {small}}:"),
        "service": lines(r"""
            मेरा ऑर्डर {code} {नहीं आया|टूटा हुआ आया}।
            मैंने {date} को बिल {code} के {number} रुपये {चुकाए|भेजे}।
            {number} रुपये का भुगतान {मिल गया|विफल रहा}।
            मैं {name} {surname}, ग्राहक संख्या {number}{number}।
            मुझे बुकिंग {code} {रद्द करनी|बदलनी} है।
        """),
    },
    "zh": {
        "prefix": lines(r"""
            {请|}{回答|解答}{以下|下面的}{问题|题目}{|，简短即可|，只给答案}：
            {阅读|看完}{下面的文字|短文}{后|，}回答{|问题}：
            {问题|题目|任务{small}|输入}：
            {根据常识|作为专家}，请回答：
        """),
        "service": lines(r"""
            我的订单{code}{还没到|少了一件|寄重了}。
            我{date}为账单{code}{付了|转了}{number}元{|，请确认}。
            {付款|退款}{number}元{已到账|失败了|处理中}。
            请把{code}的{发票|收据}发到{mailbox}。
            我是{name}，客户号{number}{number}。
            我想{取消|修改}{订单|预订}{code}。
            为什么{扣了我两次|多扣了}{number}元？
            {name}您好，您的包裹{code}{day}送达。
        """),
    },
    "ja": {
        "prefix": ("次の{質問|問題}に{答えて|答えてください}：", "文章を読んで答えて：", "{質問|課題{small}}："),
        "service": lines(r"""
            注文{code}が{届きません|壊れていました}。
            {date}に請求書{code}の{number}円を{払いました|振り込みました}。
            {number}円の{お支払い|返金}が{完了しました|失敗しました}。
            {name}です。お客様番号は{number}{number}です。
            予約{code}を{取り消し|変更し}たいです。
        """),
    },
    "ko": {
        "prefix": ("다음 {질문|문제}에 {답해 줘|답하세요}:", "글을 읽고 답하세요:", "{질문|과제 {small}}:"),
        "service": lines(r"""
            주문 {code} 상품이 {안 왔어요|부서져서 왔어요}.
            {date}에 청구서 {code} 금액 {number}원을 {냈습니다|보냈습니다}.
            {number}원 {결제|환불}이 {완료됐습니다|실패했습니다}.
            저는 {name}, 고객 번호 {number}{number}입니다.
            예약 {code}을(를) {취소하고|바꾸고} 싶어요.
        """),
    },
}
