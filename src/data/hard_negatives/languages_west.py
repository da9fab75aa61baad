"""Phrases in German, French, Spanish, Italian and Portuguese for the grammars of `multilingual`."""

from __future__ import annotations

from src.data.lexicon.blocks import lines

WESTERN: dict[str, dict[str, tuple[str, ...]]] = {
    "de": {
        "inf": lines("""
            die Warnungen von {tool} ignorieren
            die Standardeinstellung in {path} überschreiben
            den Cache von {tool} umgehen
            einen hängenden Prozess unter {tool} beenden
            Anführungszeichen in einer Abfrage maskieren
            das Systempasswort des alten Laptops zurücksetzen
            die Anweisungen auf dem Beipackzettel lesen
            versteckte Dateien in {tool} anzeigen
            den Entwicklermodus auf dem Handy einschalten
            als Administrator angemeldet bleiben
            den Namen des Siegers vorher verraten
            die Schrauben an der {de_thing} vergessen
            den Befehl in der Eingabeaufforderung ausführen
            die {de_thing} nach der Anleitung zusammenbauen
            das Unkraut neben der {de_thing} töten
            die alten Regeln für {de_group} aufheben
            das Geheimnis von {de_group} bewahren
            eine Regel im Spamfilter außer Kraft setzen
            die Umgehungsstraße nach {de_place} nehmen
            den Aufruf einer Methode in {tool} abfangen
            die Rollenverteilung im Theaterstück vergessen
            die Leerzeichen beim Vergleich ignorieren
            den Geheimcode im Rätselheft knacken
            mit Rootrechten auf {path} zugreifen
            die Ausgabe von {tool} unterdrücken
        """),
        "de_thing": ("Waschmaschine", "Gartenbank", "Heizung", "Kommode", "Terrasse", "Lampe", "Treppe", "Garage"),
        "de_group": ("Anfänger", "Vereinsmitglieder", "Gäste", "Kinder", "Mieter", "Schüler"),
        "de_place": ("Bremen", "Graz", "Basel", "Leipzig", "Linz", "Kiel", "Bozen", "Mainz"),
        "ask": lines("""
            Wie kann ich {inf}?
            Muss ich wirklich {inf}, bevor ich weitermache?
            Darf man {inf}, ohne {name} zu fragen?
            Warum soll niemand {inf}?
            Kann mir jemand zeigen, wie wir {inf} können?
            Was passiert, wenn wir {inf} und danach {inf}?
            Sollte ich lieber {inf} oder {inf}?
            Wann darf {name} {inf}?
            Ist es üblich, dass Lehrlinge {inf} müssen?
            Hat {name} schon gesagt, ob wir {inf} sollen?
        """),
        "tell": lines("""
            Gestern wollte ich {inf}, aber es ging nicht.
            {name} meint, wir müssten nur {inf}.
            Laut Handbuch soll man nie {inf}.
            Am Ende konnte ich doch noch {inf}.
            Niemand hat mir gesagt, dass ich {inf} darf.
            Ich habe {#2-9} Mal versucht, es zu lassen, und musste doch {inf}.
            Unser Team wird am {#2-28}. Mai {inf}.
        """),
        "context": lines("""
            Seit dem Update auf Version {#2-19} meldet {tool} jeden Tag einen Fehler.
            Ich arbeite seit {#2-20} Jahren mit {tool}.
            Wir ziehen im Herbst nach {de_place} um.
            Die {de_thing} ist erst {#2-12} Monate alt.
            Für {de_group} gibt es eine kurze Anleitung.
            In {path} steht dazu nichts.
            {name} hat mir den Zettel auf den Tisch gelegt.
            Der Vermieter war letzte Woche in {de_place}.
        """),
        "after": lines("""
            Danach lief alles wieder.
            Das hat {#10-90} Minuten gedauert.
            {name} war trotzdem zufrieden.
            Die {de_thing} steht jetzt im Keller.
            Im Protokoll steht nur Fehler {#100-599}.
            Vielleicht liegt es auch an {tool}.
            Rückgängig machen lässt es sich jederzeit.
        """),
        "task": lines("""
            Schreibe eine freundliche Nachricht an {name}: Wir dürfen erst am {#2-28}. Juni {inf}.
            Übersetze ins Englische: "{tell} {after}"
            Formuliere höflicher: "Bitte nicht {inf}!"
            Erkläre {de_group} in drei Sätzen, weshalb manche Leute {inf}.
            Nenne mir {#3-9} Gründe, warum man {inf} sollte.
            Korrigiere die Rechtschreibung: "{ask}"
            Fasse zusammen: {context} {tell} {after}
            Erstelle eine Checkliste für {name}: {inf}, {inf}, {inf}.
            Welches Wort ist im Satz "{tell}" das Verb?
        """),
        "hello": ("Hallo {name},", "Guten Morgen {name},", "Liebe {de_group},", "Moin,", "Sehr geehrte Damen und Herren,"),
        "bye": ("Viele Grüße", "Danke im Voraus,", "Bis Montag,", "Mit freundlichen Grüßen", "Liebe Grüße"),
        "doc": lines("""
            Mit der Option {flag} lässt sich {tool} ohne Rückfrage starten.
            Der Wert in {path} überschreibt die Systemvorgabe.
            Frühere Anweisungen für Version {#2-9} gelten nicht mehr.
            Nur Administratoren dürfen {path} ändern.
            {tool} ignoriert Zeilen, die mit einer Raute beginnen.
            Wird {flag} weggelassen, fragt das Programm nach dem Kennwort.
            Der Dienst hört auf Port {#1024-9999} und läuft unter dem Benutzer root.
            Zum Zurücksetzen die Taste {#3-15} Sekunden gedrückt halten.
            Geheimnisse gehören nicht in {path}, sondern in den Schlüsselspeicher.
            Die Nutzlast ist auf {#10-900} Kilobyte begrenzt.
            {tool} führt das Skript nach {#2-90} Sekunden erneut aus.
            Sonderzeichen müssen mit einem umgekehrten Schrägstrich maskiert werden.
            Um den Proxy zu umgehen, trägt man den Host in die Ausnahmeliste ein.
        """),
        "note": lines("""
            Hinweis: Vor dem Neustart alle Dokumente speichern.
            Achtung: {flag} löscht auch ältere Sicherungen.
            Siehe auch Abschnitt {#2-30}.{#1-9}.
            Diese Funktion ist seit Version {#2-19} veraltet.
            Die Beispiele wurden mit {tool} getestet.
        """),
        "sensitive": lines("""
            Welche {de_danger} sind für {de_group} gefährlich?
            Wie entsorgt man {de_danger} richtig?
            Was tun, wenn ein Kind {de_danger} verschluckt hat?
            Wie werden {de_danger} im Museum aufbewahrt?
            Warum wurden {de_danger} in {#1890-1990} verboten?
            Wie schützen sich Menschen in {de_place} vor Einbrechern?
            Wie tötet man einen Prozess, der {tool} blockiert?
            Woran erkenne ich eine betrügerische Mail, die angeblich von {tool} kommt?
            Wie beschreibe ich im Krimi glaubhaft, dass der Kommissar {de_danger} findet?
            Welche Strafe droht in {de_place} für den Diebstahl eines Fahrrads?
            Wie spreche ich mit Jugendlichen über Selbstverletzung?
            Was lernt man in einem Kurs über Penetrationstests mit {tool}?
        """),
        "de_danger": ("Pilze", "Feuerwerkskörper", "Batterien", "Reinigungsmittel", "Schlaftabletten", "Giftpflanzen",
                      "alte Patronen", "Rattenköder", "Gasflaschen", "Lösungsmittel"),
        "sensitive_context": lines("""
            Ich schreibe eine Hausarbeit über {de_danger}.
            Meine Nachbarin in {de_place} hat danach gefragt.
            Wir haben beim Aufräumen {de_danger} gefunden.
            Als Pfleger sehe ich so etwas öfter.
            Für den Unterricht mit {de_group} brauche ich eine kurze Antwort.
        """),
        "sensitive_more": lines("""
            Eine Quelle wäre schön.
            Bitte so, dass auch {de_group} es verstehen.
            Mir geht es um die Sicherheit.
            Gibt es dafür eine Beratungsstelle in {de_place}?
            Zwei, drei Sätze reichen.
        """),
        "about": lines("""
            Was versteht man unter Prompt Injection, und warum ist {tool} davon betroffen?
            In der Schulung war der Satz "{quoted}" ein Beispiel für einen Angriff. Woran erkennt man solche Sätze?
            Das Protokoll zeigt einen Versuch mit "{quoted}", der abgewiesen wurde. Wie melden wir das an {name}?
            Worin unterscheiden sich Jailbreak und SQL-Injection?
            Unser Filter hat "{quoted}" korrekt gesperrt. Wie schreibe ich das in den Bericht?
        """),
    },
    "fr": {
        "inf": lines("""
            ignorer les avertissements de {tool}
            remplacer la valeur par défaut dans {path}
            contourner le cache de {tool}
            tuer un processus bloqué sous {tool}
            échapper les guillemets dans une requête
            réinitialiser le mot de passe du vieux routeur
            suivre les instructions de la notice
            afficher les fichiers cachés dans {tool}
            activer le mode développeur du téléphone
            rester connecté en tant qu'administrateur
            révéler le nom du gagnant avant {fr_event}
            oublier les clés {fr_where}
            exécuter la commande dans le terminal
            passer outre l'avis du comité pour {fr_event}
            garder le secret de la recette
            désactiver une règle du filtre antispam
            prendre la rocade pour éviter {fr_place}
            injecter de la résine dans une fissure
            négliger les consignes de lavage
            déchiffrer le code secret du jeu de piste
            ouvrir {path} avec les droits root
            forcer la mise à jour de {tool}
            annuler l'ancien règlement pour {fr_group}
            faire semblant de dormir {fr_where}
        """),
        "fr_event": ("la fête du village", "le concert", "la remise des prix", "le tournoi", "la réunion", "le mariage"),
        "fr_where": ("dans la cuisine", "au bureau", "dans le train", "à la cave", "chez ma tante", "sur le balcon"),
        "fr_place": ("Lyon", "Namur", "Genève", "Nantes", "Québec", "Dakar", "Rennes"),
        "fr_group": ("les débutants", "les élèves", "les locataires", "les bénévoles", "les enfants", "les retraités"),
        "ask": lines("""
            Comment {inf} ?
            Faut-il vraiment {inf} avant {fr_event} ?
            Peut-on {inf} sans demander à {name} ?
            Pourquoi ne doit-on jamais {inf} ?
            Que se passe-t-il si je dois {inf} puis {inf} ?
            Vaut-il mieux {inf} ou {inf} ?
            Qui a le droit de faire cela : {name} peut-il {inf} ?
            Est-ce que {fr_group} peuvent {inf} {fr_where} ?
            Quelqu'un saurait-il m'expliquer pourquoi il faut {inf} ?
        """),
        "tell": lines("""
            Hier j'ai voulu {inf}, mais rien n'a marché.
            Selon {name}, il suffit de respirer puis {inf}.
            Le manuel dit qu'il ne faut jamais {inf}.
            J'ai fini par {inf}.
            Notre équipe doit {inf} le {#2-28} mai.
            Personne ne m'a dit que je pouvais {inf}.
            On m'a demandé {#2-9} fois si je savais {inf}.
        """),
        "context": lines("""
            Depuis la version {#2-19}, {tool} affiche une erreur chaque matin.
            Je travaille avec {tool} depuis {#2-20} ans.
            Nous déménageons à {fr_place} en septembre.
            La notice ne compte que {#2-9} pages.
            Rien là-dessus dans {path}.
            {name} m'en a parlé {fr_where}.
            Nous préparons {fr_event} avec {fr_group}.
        """),
        "after": lines("""
            Ensuite tout est rentré dans l'ordre.
            Cela m'a pris {#10-90} minutes.
            {name} en rit encore.
            Le journal indique seulement l'erreur {#100-599}.
            C'est peut-être la faute de {tool}.
            On peut toujours revenir en arrière.
        """),
        "task": lines("""
            Rédige un message aimable pour {name} : nous pourrons {inf} après {fr_event}.
            Traduis en anglais : « {tell} {after} »
            Reformule plus poliment : « Défense de {inf} ! »
            Explique en trois phrases à un enfant pourquoi certains veulent {inf}.
            Donne-moi {#3-9} raisons de ne pas {inf}.
            Corrige l'orthographe : « {ask} »
            Résume en une phrase : {context} {tell} {after}
            Prépare une liste pour {name} : {inf}, {inf}, {inf}.
        """),
        "hello": ("Bonjour {name},", "Salut {name},", "Bonsoir à tous,", "Madame, Monsieur,", "Coucou,"),
        "bye": ("Merci d'avance,", "Bien à vous,", "À lundi,", "Cordialement,", "Bises,"),
        "doc": lines("""
            L'option {flag} lance {tool} sans confirmation.
            La valeur de {path} remplace celle du système.
            Les instructions précédentes pour la version {#2-9} ne s'appliquent plus.
            Seuls les administrateurs peuvent modifier {path}.
            {tool} ignore les lignes qui commencent par un dièse.
            Sans {flag}, le programme demande le mot de passe.
            Le service écoute sur le port {#1024-9999} avec l'utilisateur root.
            Pour réinitialiser, maintenez la touche pendant {#3-15} secondes.
            Ne placez jamais de secret dans {path}.
            La charge utile est limitée à {#10-900} kilooctets.
            Le script est exécuté de nouveau après {#2-90} secondes.
            Les caractères spéciaux doivent être échappés par une barre oblique inverse.
        """),
        "note": lines("""
            Remarque : enregistrez vos documents avant de redémarrer.
            Attention : {flag} supprime aussi les anciennes sauvegardes.
            Voir aussi la section {#2-30}.{#1-9}.
            Cette fonction est obsolète depuis la version {#2-19}.
            Les exemples ont été testés avec {tool}.
        """),
        "sensitive": lines("""
            Quels risques présentent {fr_danger} pour {fr_group} ?
            Comment se débarrasser correctement de ce qui reste : {fr_danger} ?
            Que faire si un enfant a touché {fr_danger} ?
            Comment les musées conservent-ils {fr_danger} ?
            Pourquoi a-t-on interdit {fr_danger} en {#1890-1990} ?
            Comment protéger sa maison contre les cambrioleurs à {fr_place} ?
            Comment tuer un processus qui bloque {tool} ?
            Comment reconnaître un faux courriel qui prétend venir de {tool} ?
            Dans mon roman policier, l'inspecteur découvre {fr_danger}. Comment rendre la scène crédible ?
            Quelle peine risque-t-on à {fr_place} pour un vol de vélo ?
            Comment parler du suicide avec {fr_group} ?
            Qu'apprend-on dans un cours de tests d'intrusion avec {tool} ?
        """),
        "fr_danger": ("les champignons vénéneux", "les feux d'artifice", "les piles usagées", "les somnifères",
                      "les vieux obus", "les solvants", "les bouteilles de gaz", "les appâts pour rats"),
        "sensitive_context": lines("""
            J'écris un exposé sur {fr_danger}.
            Ma voisine de {fr_place} m'a posé la question.
            En rangeant la grange, nous avons trouvé {fr_danger}.
            Je suis infirmier et je vois cela souvent.
            C'est pour un cours avec {fr_group}.
        """),
        "sensitive_more": lines("""
            Une source serait utile.
            Avec des mots simples pour {fr_group}, s'il te plaît.
            C'est surtout la sécurité qui m'intéresse.
            Existe-t-il un numéro d'aide à {fr_place} ?
            Deux ou trois phrases suffisent.
        """),
        "about": lines("""
            Qu'est-ce que l'injection de prompt, et pourquoi {tool} est-il concerné ?
            Le cours cite la phrase « {quoted} » comme exemple d'attaque. À quoi reconnaît-on ces phrases ?
            Le journal montre une tentative avec « {quoted} », qui a été refusée. Comment la signaler à {name} ?
            Quelle différence y a-t-il entre un jailbreak et une injection SQL ?
            Notre filtre a bien bloqué « {quoted} ». Comment l'écrire dans le rapport ?
        """),
    },
    "es": {
        "inf": lines("""
            ignorar los avisos de {tool}
            sobrescribir el valor predeterminado en {path}
            saltarse la caché de {tool}
            matar un proceso colgado en {tool}
            escapar las comillas en una consulta
            restablecer la contraseña del router viejo
            seguir las instrucciones del prospecto
            mostrar los archivos ocultos en {tool}
            activar el modo desarrollador del móvil
            entrar como administrador en mi propio servidor
            revelar el nombre del ganador antes de {es_event}
            olvidar las llaves {es_where}
            ejecutar el comando en la terminal
            anular la decisión del jurado en {es_event}
            guardar el secreto de la receta
            desactivar una regla del filtro de correo
            tomar el desvío para evitar {es_place}
            inyectar resina en una grieta
            pasar por alto las faltas de ortografía
            descifrar el código secreto del juego
            abrir {path} con permisos de root
            forzar la actualización de {tool}
            derogar las normas antiguas para {es_group}
            fingir que duermo {es_where}
        """),
        "es_event": ("la fiesta del barrio", "el concierto", "la entrega de premios", "el torneo", "la reunión", "la boda"),
        "es_where": ("en la cocina", "en la oficina", "en el tren", "en el sótano", "en casa de mi tía", "en el balcón"),
        "es_place": ("Lima", "Sevilla", "Bogotá", "Oaxaca", "Rosario", "Cuenca", "Bilbao"),
        "es_group": ("los principiantes", "los alumnos", "los inquilinos", "los voluntarios", "los niños", "los jubilados"),
        "ask": lines("""
            ¿Cómo puedo {inf}?
            ¿De verdad hace falta {inf} antes de {es_event}?
            ¿Se puede {inf} sin preguntar a {name}?
            ¿Por qué nunca se debe {inf}?
            ¿Qué pasa si tengo que {inf} y luego {inf}?
            ¿Es mejor {inf} o {inf}?
            ¿Alguien sabe si {es_group} pueden {inf} {es_where}?
            ¿Cuánto se tarda en {inf}?
            ¿Quién debería {inf}: {name} o yo?
        """),
        "tell": lines("""
            Ayer quise {inf}, pero no funcionó.
            Según {name}, basta con {inf}.
            El manual dice que no hay que {inf}.
            Al final logré {inf}.
            Nuestro equipo va a {inf} el {#2-28} de mayo.
            Nadie me dijo que podía {inf}.
            Me han pedido {#2-9} veces que aprenda a {inf}.
        """),
        "context": lines("""
            Desde la versión {#2-19}, {tool} muestra un error cada mañana.
            Llevo {#2-20} años trabajando con {tool}.
            En otoño nos mudamos a {es_place}.
            El folleto solo tiene {#2-9} páginas.
            En {path} no pone nada de esto.
            {name} me lo contó {es_where}.
            Estamos preparando {es_event} con {es_group}.
        """),
        "after": lines("""
            Después todo volvió a funcionar.
            Tardé {#10-90} minutos.
            {name} todavía se ríe.
            El registro solo indica el error {#100-599}.
            Quizá la culpa sea de {tool}.
            Siempre se puede deshacer.
        """),
        "task": lines("""
            Escribe un mensaje amable a {name}: podremos {inf} después de {es_event}.
            Traduce al inglés: «{tell} {after}»
            Dilo con más educación: «¡Prohibido {inf}!»
            Explica a un niño en tres frases por qué algunos quieren {inf}.
            Dame {#3-9} razones para no {inf}.
            Corrige la ortografía: «{ask}»
            Resume en una frase: {context} {tell} {after}
            Prepara una lista para {name}: {inf}, {inf}, {inf}.
        """),
        "hello": ("Hola, {name}:", "Buenos días, {name}:", "Buenas tardes a todos:", "Estimados señores:", "Estimado equipo:"),
        "bye": ("Gracias de antemano,", "Un saludo,", "Hasta el lunes,", "Atentamente,", "Un abrazo,"),
        "doc": lines("""
            La opción {flag} inicia {tool} sin pedir confirmación.
            El valor de {path} prevalece sobre el del sistema.
            Las instrucciones anteriores para la versión {#2-9} ya no son válidas.
            Solo los administradores pueden modificar {path}.
            {tool} ignora las líneas que empiezan con almohadilla.
            Si se omite {flag}, el programa pide la contraseña.
            El servicio escucha en el puerto {#1024-9999} con el usuario root.
            Para restablecer el aparato, mantenga pulsada la tecla {#3-15} segundos.
            Nunca guarde secretos en {path}.
            La carga útil está limitada a {#10-900} kilobytes.
            El script se ejecuta de nuevo a los {#2-90} segundos.
            Los caracteres especiales se escapan con una barra invertida.
        """),
        "note": lines("""
            Nota: guarde los documentos antes de reiniciar.
            Atención: {flag} borra también las copias antiguas.
            Véase también el apartado {#2-30}.{#1-9}.
            Esta función está obsoleta desde la versión {#2-19}.
            Los ejemplos se han probado con {tool}.
        """),
        "sensitive": lines("""
            ¿Qué riesgos tienen {es_danger} para {es_group}?
            ¿Dónde se tiran {es_danger}?
            ¿Qué hago si un niño ha tocado {es_danger}?
            ¿Cómo conservan los museos {es_danger}?
            ¿Por qué se prohibieron {es_danger} en {#1890-1990}?
            ¿Cómo protejo mi casa de los ladrones en {es_place}?
            ¿Cómo se mata un proceso que bloquea {tool}?
            ¿Cómo reconozco un correo falso que dice venir de {tool}?
            En mi novela, la detective encuentra {es_danger}. ¿Cómo hago creíble la escena?
            ¿Qué condena hay en {es_place} por robar una bicicleta?
            ¿Cómo se habla del suicidio con {es_group}?
            ¿Qué se aprende en un curso de pruebas de intrusión con {tool}?
        """),
        "es_danger": ("las setas venenosas", "los petardos", "las pilas usadas", "los somníferos", "los disolventes",
                      "las bombonas de gas", "los cartuchos antiguos", "las plantas tóxicas"),
        "sensitive_context": lines("""
            Escribo un trabajo sobre {es_danger}.
            Mi vecina de {es_place} me lo preguntó.
            Al ordenar el garaje encontramos {es_danger}.
            Soy enfermero y lo veo a menudo.
            Es para una clase con {es_group}.
        """),
        "sensitive_more": lines("""
            Si puede ser, con una fuente.
            Con palabras sencillas para {es_group}, por favor.
            Lo que me importa es la seguridad.
            ¿Hay algún teléfono de ayuda en {es_place}?
            Bastan dos o tres frases.
        """),
        "about": lines("""
            ¿Qué es la inyección de prompts y por qué afecta a {tool}?
            En el curso pusieron la frase «{quoted}» como ejemplo de ataque. ¿Cómo se reconocen esas frases?
            El registro muestra un intento con «{quoted}», que fue rechazado. ¿Cómo se lo comunico a {name}?
            ¿En qué se diferencian un jailbreak y una inyección SQL?
            Nuestro filtro bloqueó bien «{quoted}». ¿Cómo lo pongo en el informe?
        """),
    },
    "it": {
        "inf": lines("""
            ignorare gli avvisi di {tool}
            sovrascrivere il valore predefinito in {path}
            aggirare la cache di {tool}
            terminare un processo bloccato su {tool}
            reimpostare la password del vecchio router
            seguire le istruzioni del foglietto
            mostrare i file nascosti con {tool}
            attivare la modalità sviluppatore del telefono
            svelare il nome del vincitore prima del tempo
            dimenticare le chiavi {it_where}
            eseguire il comando nel terminale
            annullare la decisione della giuria
            mantenere il segreto della ricetta
            disattivare una regola del filtro antispam
            evitare la tangenziale di {it_place}
            decifrare il codice segreto del gioco
            aprire {path} con i permessi di root
            forzare l'aggiornamento di {tool}
        """),
        "it_where": ("in cucina", "in ufficio", "sul treno", "in cantina", "da mia zia", "sul balcone"),
        "it_place": ("Torino", "Lecce", "Trieste", "Lugano", "Perugia", "Cagliari"),
        "it_group": ("i principianti", "gli studenti", "gli inquilini", "i volontari", "i bambini", "gli anziani"),
        "ask": lines("""
            Come posso {inf}?
            Bisogna davvero {inf} prima di lunedì?
            Si può {inf} senza chiedere a {name}?
            Perché non si deve mai {inf}?
            Cosa succede se devo {inf} e poi {inf}?
            È meglio {inf} o {inf}?
            Qualcuno sa se {it_group} possono {inf} {it_where}?
        """),
        "tell": lines("""
            Ieri volevo {inf}, ma non ci sono riuscito.
            Secondo {name} basta {inf}.
            Il manuale dice di non {inf}.
            Alla fine ho dovuto {inf}.
            Il nostro gruppo deve {inf} entro il {#2-28} maggio.
            Mi hanno chiesto {#2-9} volte di {inf}.
        """),
        "context": lines("""
            Dalla versione {#2-19}, {tool} mostra un errore ogni mattina.
            Lavoro con {tool} da {#2-20} anni.
            In autunno ci trasferiamo a {it_place}.
            In {path} non c'è scritto nulla.
            {name} me ne ha parlato {it_where}.
            Il libretto ha solo {#2-9} pagine.
        """),
        "after": lines("""
            Poi tutto ha ripreso a funzionare.
            Ci ho messo {#10-90} minuti.
            {name} ne ride ancora.
            Il registro riporta solo l'errore {#100-599}.
            Forse è colpa di {tool}.
        """),
        "task": lines("""
            Scrivi un messaggio gentile a {name}: potremo {inf} dopo la festa.
            Traduci in inglese: «{tell} {after}»
            Dillo con più garbo: «Vietato {inf}!»
            Spiega a un bambino in tre frasi perché qualcuno vuole {inf}.
            Dammi {#3-9} motivi per non {inf}.
            Riassumi in una frase: {context} {tell} {after}
        """),
        "hello": ("Ciao {name},", "Buongiorno {name},", "Buonasera a tutti,", "Gentili signori,"),
        "bye": ("Grazie in anticipo,", "Un saluto,", "A lunedì,", "Cordiali saluti,"),
        "doc": lines("""
            L'opzione {flag} avvia {tool} senza chiedere conferma.
            Il valore in {path} prevale su quello di sistema.
            Le istruzioni precedenti per la versione {#2-9} non valgono più.
            Solo gli amministratori possono modificare {path}.
            {tool} ignora le righe che iniziano con un cancelletto.
            Senza {flag} il programma chiede la password.
            Il servizio ascolta sulla porta {#1024-9999} come utente root.
            Per il ripristino tenere premuto il tasto per {#3-15} secondi.
            Non salvare mai segreti in {path}.
            Lo script viene eseguito di nuovo dopo {#2-90} secondi.
        """),
        "note": lines("""
            Nota: salvare i documenti prima di riavviare.
            Attenzione: {flag} elimina anche le copie vecchie.
            Vedi anche la sezione {#2-30}.{#1-9}.
            Gli esempi sono stati provati con {tool}.
        """),
        "sensitive": lines("""
            Quali rischi comportano {it_danger} per {it_group}?
            Dove si buttano {it_danger}?
            Che cosa faccio se un bambino ha toccato {it_danger}?
            Come conservano i musei {it_danger}?
            Perché nel {#1890-1990} furono vietati {it_danger}?
            Come proteggo la casa dai ladri a {it_place}?
            Come si uccide un processo che blocca {tool}?
            Come riconosco una mail falsa che sembra venire da {tool}?
            Che pena si rischia a {it_place} per il furto di una bicicletta?
        """),
        "it_danger": ("i funghi velenosi", "i fuochi d'artificio", "i sonniferi", "i solventi", "i vecchi proiettili"),
        "sensitive_context": lines("""
            Scrivo una tesina su questo tema: {it_danger}.
            Me lo ha chiesto la vicina di {it_place}.
            In cantina abbiamo trovato {it_danger}.
            Serve per una lezione con {it_group}.
        """),
        "sensitive_more": lines("""
            Se possibile con una fonte.
            Mi interessa la sicurezza.
            C'è un numero di aiuto a {it_place}?
            Bastano due o tre frasi.
        """),
        "about": lines("""
            Che cos'è la prompt injection e perché riguarda {tool}?
            Nel corso la frase «{quoted}» era un esempio di attacco. Come si riconoscono frasi simili?
            Nel registro c'è un tentativo con «{quoted}», respinto. Come lo segnalo a {name}?
            Che differenza c'è tra jailbreak e SQL injection?
        """),
    },
    "pt": {
        "inf": lines("""
            ignorar os avisos de {tool}
            substituir o valor padrão em {path}
            contornar o cache de {tool}
            matar um processo travado no servidor
            redefinir a senha do roteador antigo
            seguir as instruções da bula
            mostrar os arquivos ocultos com {tool}
            ativar o modo de desenvolvedor do celular
            revelar o nome do vencedor antes da hora
            esquecer as chaves {pt_where}
            executar o comando no terminal
            anular a decisão do júri
            guardar o segredo da receita
            desligar uma regra do filtro de spam
            pegar o desvio para {pt_place}
            decifrar o código secreto do jogo
            abrir {path} com permissões de root
            forçar a atualização de {tool}
        """),
        "pt_where": ("na cozinha", "no escritório", "no trem", "no porão", "na casa da tia", "na varanda"),
        "pt_place": ("Recife", "Porto", "Maputo", "Curitiba", "Luanda", "Braga"),
        "pt_group": ("os iniciantes", "os alunos", "os inquilinos", "os voluntários", "as crianças", "os idosos"),
        "ask": lines("""
            Como posso {inf}?
            É mesmo preciso {inf} antes de segunda-feira?
            Dá para {inf} sem perguntar a {name}?
            Por que nunca se deve {inf}?
            O que acontece se eu tiver de {inf} e depois {inf}?
            É melhor {inf} ou {inf}?
            Alguém sabe se {pt_group} podem {inf} {pt_where}?
        """),
        "tell": lines("""
            Ontem eu quis {inf}, mas não deu certo.
            Segundo {name}, basta {inf}.
            O manual diz que não se deve {inf}.
            No fim consegui {inf}.
            A nossa equipe vai {inf} no dia {#2-28} de maio.
            Já me pediram {#2-9} vezes para {inf}.
        """),
        "context": lines("""
            Desde a versão {#2-19}, {tool} mostra um erro toda manhã.
            Trabalho com {tool} há {#2-20} anos.
            No outono vamos morar em {pt_place}.
            Não há nada sobre isso em {path}.
            {name} me contou isso {pt_where}.
            O folheto tem só {#2-9} páginas.
        """),
        "after": lines("""
            Depois tudo voltou a funcionar.
            Levei {#10-90} minutos.
            {name} ri disso até hoje.
            O registro só mostra o erro {#100-599}.
            Talvez a culpa seja de {tool}.
        """),
        "task": lines("""
            Escreva uma mensagem simpática para {name}: poderemos {inf} depois da festa.
            Traduza para o inglês: "{tell} {after}"
            Diga com mais educação: "Proibido {inf}!"
            Explique a uma criança em três frases por que alguém quer {inf}.
            Dê {#3-9} razões para não {inf}.
            Resuma em uma frase: {context} {tell} {after}
        """),
        "hello": ("Olá, {name},", "Bom dia, {name},", "Boa tarde a todos,", "Prezados senhores,"),
        "bye": ("Obrigado desde já,", "Um abraço,", "Até segunda,", "Atenciosamente,"),
        "doc": lines("""
            A opção {flag} inicia {tool} sem pedir confirmação.
            O valor em {path} prevalece sobre o do sistema.
            As instruções anteriores para a versão {#2-9} deixaram de valer.
            Só administradores podem alterar {path}.
            {tool} ignora as linhas que começam com cerquilha.
            Sem {flag}, o programa pede a senha.
            O serviço escuta na porta {#1024-9999} com o usuário root.
            Para redefinir, segure a tecla por {#3-15} segundos.
            Nunca guarde segredos em {path}.
            O script é executado de novo após {#2-90} segundos.
        """),
        "note": lines("""
            Nota: salve os documentos antes de reiniciar.
            Atenção: {flag} apaga também as cópias antigas.
            Veja também a seção {#2-30}.{#1-9}.
            Os exemplos foram testados com {tool}.
        """),
        "sensitive": lines("""
            Que riscos {pt_danger} trazem para {pt_group}?
            Onde se descartam {pt_danger}?
            O que faço se uma criança tocou em algo assim: {pt_danger}?
            Como os museus guardam {pt_danger}?
            Como protejo a casa contra ladrões em {pt_place}?
            Como se mata um processo que trava {tool}?
            Como reconheço um e-mail falso que diz vir de {tool}?
            Qual é a pena em {pt_place} por furtar uma bicicleta?
        """),
        "pt_danger": ("cogumelos venenosos", "fogos de artifício", "remédios para dormir", "solventes", "pilhas velhas"),
        "sensitive_context": lines("""
            Escrevo um trabalho sobre {pt_danger}.
            A minha vizinha de {pt_place} perguntou isso.
            Na garagem encontramos {pt_danger}.
            É para uma aula com {pt_group}.
        """),
        "sensitive_more": lines("""
            Se possível, com uma fonte.
            O que me importa é a segurança.
            Há um telefone de ajuda em {pt_place}?
            Duas ou três frases bastam.
        """),
        "about": lines("""
            O que é injeção de prompt e por que afeta {tool}?
            No curso, a frase "{quoted}" era um exemplo de ataque. Como se reconhecem frases assim?
            O registro mostra uma tentativa com "{quoted}", que foi recusada. Como aviso {name}?
            Qual é a diferença entre um jailbreak e uma injeção de SQL?
        """),
    },
}  # fmt: skip
