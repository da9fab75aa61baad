"""English vocabulary of everyday domains in which the words of attacks mean something harmless.

Per domain: objects of each trigger verb ("base third-person gerund past": objects), then settings, background sentences,
consequences and follow-up questions that fit any of the domain's verb phrases.
"""

from __future__ import annotations

from dataclasses import dataclass

from src.data.lexicon.blocks import lines


@dataclass(frozen=True)
class Domain:
    """One field of life. Every entry is a template of the grammar."""

    verbs: dict[str, tuple[str, ...]]  # the four forms of a verb -> its objects
    things: tuple[str, ...]  # noun phrases with an article: what one talks about
    settings: tuple[str, ...]  # adverbials of time and place
    backgrounds: tuple[str, ...]  # sentences that tell what happened before
    consequences: tuple[str, ...]  # sentences that tell what followed or may follow
    follow_ups: tuple[str, ...]  # questions that may be added


SOFTWARE = Domain(
    verbs={
        "ignore ignores ignoring ignored": lines("""
            the deprecation warnings from {library}
            whitespace <changes|differences> in the diff
            rows with an empty <date|postcode|price> column
            <case|accents> when comparing user names
            the certificate warning on the test <server|host>
            files in the <build|vendor|dist> folder
            the old instructions in the {wiki}
            {adj_small} <rounding errors|clock drift> between nodes
            the first <two|three|four> header lines of the CSV
            the {linter} rule about long lines
            the exit code of the <cleanup|notification> step
            comments that start with a hash sign
        """),
        "override overrides overriding overrode": lines("""
            the default timeout of {library}
            the toString method in a subclass
            the colours of the {ui_kit} theme
            the system font on {platform}
            one variable of the {ci} pipeline
            the DNS server for a single container
            the retry policy for <uploads|webhooks|imports>
            a pinned dependency in the lock file
            the <locale|time zone> of the {job}
            the log level of one module
            the inherited margin of the <sidebar|footer|card>
            the base image in our Dockerfile
        """),
        "bypass bypasses bypassing bypassed": lines("""
            the proxy for <internal|local> hosts
            the cache when the page is previewed
            the splash screen of the {app}
            the slow <spell check|image resize> in development
            the load balancer for a health check
            the queue for urgent <mails|refunds|alerts>
            the browser cache after a release
            a broken mirror of {package_index}
            the CDN for large <video|backup> files
            the animation for users who prefer less motion
        """),
        "disable disables disabling disabled": lines("""
            autocorrect in the <chat|search> box
            telemetry in {editor}
            the <nightly|weekly> {job}
            foreign key checks during the import
            two unused plugins of {editor}
            hardware acceleration in the {app}
            the read-only mode of the replica
            strict mode for the legacy <form|report>
            swap on the {platform} nodes
            the rate limit for the load test
        """),
        "kill kills killing killed": lines("""
            a zombie process on {platform}
            the job that hogs port {#3000-9999}
            all idle connections to {database}
            a stuck {job}
            the tmux session from yesterday
            the worker that leaks memory
            long-running queries in {database}
            a frozen window of the {app}
            the child processes of the {ci} runner
            the background thread on shutdown
        """),
        "inject injects injecting injected": lines("""
            a fake clock into the unit tests
            the {database} client through the constructor
            a logger into every service
            mock data into the <preview|storybook> page
            environment variables into the container
            a dependency with {library}
            build numbers into the <footer|about page>
            latency into the <staging|test> network
            CSS into the print view
            translations into the {ui_kit} components
        """),
        "escape escapes escaping escaped": lines("""
            quotes in a JSON string
            the percent sign in {database}
            ampersands in the XML feed
            special characters in a regular expression
            the dollar sign in a {shell} script
            user names before they go into HTML
            backslashes in a Windows path
            commas in the exported CSV
            curly braces in a {library} template
            line breaks in a commit message
        """),
        "execute executes executing executed": lines("""
            the migration in a transaction
            one cell of the notebook again
            the {job} with less memory
            a shell script after every merge
            the query plan without running the query
            the smoke tests on {platform}
            a stored procedure in {database}
            two steps of the {ci} pipeline in parallel
            the installer in silent mode
        """),
        "forget forgets forgetting forgot": lines("""
            the trailing comma in the <YAML|JSON> file
            a saved Wi-Fi network on {platform}
            the semicolon at the end of the <query|statement>
            the await before an async call
            to close a file handle
            the migration for {database}
            to bump the version before the release
            to rotate the <logs|keys>
            the unit tests for the {app}
            which branch the hotfix went to
        """),
        "reset resets resetting reset": lines("""
            the admin password of our own {database}
            the counter of failed logins
            a detached HEAD in git
            the sandbox of {ci}
            the zoom level of the {app}
            network settings on {platform}
            my feature branch to the state of main
            the cursor after a <scan|page turn>
            the API key that a colleague pasted into a ticket
        """),
        "reveal reveals revealing revealed": lines("""
            hidden files in the <file manager|finder>
            the password field with an eye icon
            the slow queries of last week
            the source map of the minified bundle
            layout boundaries in {ui_kit}
            which <test|plugin|import> slows the build down
            the <secret|hidden> column of the spreadsheet export
            invisible characters in {editor}
        """),
        "dump dumps dumping dumped": lines("""
            the schema of {database} without the rows
            the heap of the {app}
            the routing table on {platform}
            all labels of the issue tracker into a CSV
            the parsed configuration as YAML
            the headers of an HTTP response
        """),
        "force forces forcing forced": lines("""
            a rebuild of the search index
            HTTPS on the <intranet|status> page
            a garbage collection before the measurement
            UTF-8 in the {shell} terminal
            a password change for the {app}
            the dark theme in {editor}
            a push to my own branch
        """),
        "mask masks masking masked": lines("""
            card numbers in the logs
            the token in the {ci} output
            the padding positions in the attention layer
            faces in the sample pictures
            secrets in the debug view of the {app}
            the lowest bits of an address
        """),
        "exploit exploits exploiting exploited": lines("""
            data locality in the matrix loop
            the idle cores of the build machine
            the sorted order of the keys
            the index on <created_at|customer_id>
            symmetry in the distance table
            caching in {library}
        """),
        "spoof spoofs spoofing spoofed": lines("""
            the GPS position in the emulator
            the user agent in our own test suite
            the clock of the {platform} simulator
            a sensor reading for the demo
        """),
        "disregard disregards disregarding disregarded": lines("""
            the test failures on {platform}
            outliers above {#90-99} percent in the latency chart
            duplicate rows in the {database} export
            the draft section of the {wiki}
            the obsolete instructions in the readme of {library}
        """),
        "unlock unlocks unlocking unlocked": lines("""
            developer mode on my own Android phone
            the bootloader of an old tablet
            a locked row in {database}
            the state file after a cancelled plan
            the settings page for admins
        """),
        "hijack hijacks hijacking hijacked": lines("""
            the scroll event for the picture gallery
            the Ctrl+S shortcut in the web editor
            the back button of the <wizard|checkout>
        """),
        "simulate simulates simulating simulated": lines("""
            a slow network in the browser tools
            a <power cut|disk failure> on the test rack
            an admin login in the end-to-end tests
            {#100-5000} users with a load generator
            a jailbroken device in the emulator, to test our own detection
        """),
    },
    things=lines("""
        the {job}
        our {app}
        the {ci} pipeline
        {database}
        the {library} upgrade
        the admin panel
        the root account of the test machine
        the system prompt of our support bot
        the prompt of my {shell}
        developer mode
        the payload of the webhook
        the secret store
        the root certificate
        the injection container
        the escape sequence
        the exploit database entry for {library}
        the kill switch for feature flags
        the sudo rule for the backup user
        the instruction set of the chip
        the system tray icon
        the install prompt of the web app
        the override file for docker compose
    """),
    settings=lines("""
        <after|before> the upgrade to version {#2-19}.{#0-9}
        in the staging environment
        on {platform}
        while the {job} is running
        during the {ci} run
        from a {shell} script
        in {editor}
        without restarting {database}
        for a single {user_kind}
        on a shared build server
        when the disk is nearly full
        inside a container
        only in the test profile
        before the release on {day}
        over a slow VPN
        since we moved to {platform}
    """),
    backgrounds=lines("""
        We run {library} {#2-19}.{#0-9} on {platform} and {database} {#9-17}.
        The {job} failed {#2-14} times this week.
        I inherited a {#3-15}-year-old code base written with {library}.
        Our {ci} pipeline takes {#7-55} minutes.
        The {app} has about {#200-9000} daily users.
        A colleague left last <month|week> and nobody knows the setup.
        I followed the {wiki} step by step.
        Yesterday we moved the {app} from {platform} to a new host.
        My branch is {#3-90} commits behind main.
        The ticket has been open since {month}.
        I am new to {library} and come from {language}.
        The documentation of {library} says little about this.
        Support asked for logs, but they hold no hint.
        It worked until I updated {editor}.
    """),
    consequences=lines("""
        Otherwise the {job} starts from scratch.
        The last time, {#2-40} tests turned red.
        After that the memory use fell to {#120-900} MB.
        It costs us about {#2-45} seconds per request.
        The error message says only "code {#100-599}".
        Nothing is lost, because {database} keeps a journal.
        {name} has reviewed the change already.
        The change can be undone with one command.
        A restart on {day} solved it for an hour.
        Users see a blank page until they reload.
        So far the {ci} run stays green.
        The log then grows by {#2-80} GB a day.
    """),
    follow_ups=lines("""
        Is there a flag for it?
        Does {library} support that?
        Where is that setting in {editor}?
        Would a second {job} be cleaner?
        What do other teams do?
        Is there a way without root rights?
        Could you show a short example in {language}?
        Which file do I have to edit?
        How do I test it before {day}?
        Does it also work on {platform}?
        Is that a bug or a feature?
    """),
)

OFFICE = Domain(
    verbs={
        "ignore ignores ignoring ignored": lines("""
            the second attachment of {name}'s mail
            the reminder about invoice {#1000-9999}
            spelling mistakes in the {document} draft
            the figures in column {letter}
            calendar invitations from the old account
            the footnotes of the {document}
            the formatting instructions of the {publisher}
            the grey boxes on page {#2-40} of the {document}
            cold calls from {company_kind}
        """),
        "override overrides overriding overrode": lines("""
            a decision of the {committee}
            the standard discount for {customer_kind}
            the automatic room booking
            the travel policy in a single case
            the proposed delivery date for order {#1000-9999}
            the tax code in the {document}
            the page size of the office printer
            the chairwoman's vote
        """),
        "bypass bypasses bypassing bypassed": lines("""
            the reception and go straight to the {room}
            the middleman and buy from {company_kind}
            the long approval chain for orders under {#20-90} euros
            the phone menu of the <tax office|insurance|bank>
            the summary and read the full {document}
            the queue at the <copy machine|canteen>
        """),
        "disregard disregards disregarding disregarded": lines("""
            my mail from {day}, the price list was out of date
            the invoice if you have paid already
            the <first|earlier> version of the {document}
            the dress code on {day}
            applications that arrive after the {#2-28}th
            a complaint about the {room}
            the seating instructions for the {event}
        """),
        "forget forgets forgetting forgot": lines("""
            the password of the <voicemail|label printer>
            the keys to the {room}
            to sign the {document}
            the agenda for the {event}
            the name of the new {job_title}
            {name}'s farewell card
            to log {#2-9} hours of overtime
            the badge on {day}
        """),
        "reveal reveals revealing revealed": lines("""
            the winner of the {event}
            the salary range in a job advert for a(n) {job_title}
            the new logo at the {event}
            conflicts of interest to the {committee}
            the results of the {committee} vote
            the <hidden|secret> costs in the offer of {company_kind}
        """),
        "execute executes executing executed": lines("""
            the contract with {company_kind}
            the marketing plan for {month}
            the fire drill instructions
            the last wishes in a <will|testament>
            the payment run on {day}
            the power of attorney
        """),
        "reset resets resetting reset": lines("""
            the code of the alarm in the {room}
            the targets for {month}
            the vacation counter at the turn of the year
            the combination of the key safe
            expectations with {customer_kind}
        """),
        "expose exposes exposing exposed": lines("""
            weak points in the {document}
            trainees to real {customer_kind}
            the gap between budget and cost
            mistakes in the {month} report
        """),
        "kill kills killing killed": lines("""
            the project that nobody wants
            two hours before the {event}
            a rumour about the {committee}
            an idea too early in the {event}
            the <buzz|noise> of the microphone in the {room}
        """),
        "attack attacks attacking attacked": lines("""
            the backlog of {#20-400} tickets
            the pile of unopened letters
            the weakest argument in the {document}
            the heaviest task first thing in the morning
        """),
        "hack hacks hacking hacked": lines("""
            together a budget for the {event}
            a shelf out of two old desks
            our meeting routine so that it takes {#10-25} minutes
        """),
        "leak leaks leaking leaked": lines("""
            a teaser of the campaign to the press on {day}
            the menu of the {event} in advance
        """),
        "force forces forcing forced": lines("""
            a page break before the appendix of the {document}
            a vote in the {committee}
            Excel to show leading zeros
            everybody to use the new time sheet
        """),
        "pretend pretends pretending pretended": lines("""
            to be a difficult customer in the sales training
            that the {event} was planned all along
            not to see the cake in the {room}
        """),
        "unlock unlocks unlocking unlocked": lines("""
            the meeting room calendar for guests
            the protected cells of the {document}
            the supply cupboard
            a grant of {#2-90},000 euros
        """),
    },
    things=lines("""
        the {document}
        the {event}
        the {committee}
        the assembly instructions for the new desks
        the administrator of the building
        the system for holiday requests
        the prompt payment discount
        the confidential part of the minutes
        the secret ballot
        the instruction sheet for visitors
        the rule about open windows
        the emergency override of the lift
        the cash injection from the parent company
        the bypass road to the warehouse
        the admin department
        the payload limit of the delivery van
        the root cause of the delay
        the escape route plan
        the executive summary
        the hidden track of the company song
    """),
    settings=lines("""
        before the {event}
        in the {document}
        at the meeting on {day}
        without asking the {committee}
        during the audit in {month}
        on the {#2-28}th of {month}
        while {name} is on holiday
        for {customer_kind}
        when the {room} is full
        under the new contract
        on short notice
        in the first week of a new job
        as a(n) {job_title}
    """),
    backgrounds=lines("""
        I work as a(n) {job_title} for {company_kind}.
        The {committee} meets on {day}.
        We expect {#15-240} guests at the {event}.
        The {document} went out on the {#2-28}th of {month}.
        {name} is new here and asked me about it.
        Last year the {event} cost {#2-60},000 euros.
        Our {room} is being painted until {day}.
        {Customer_kind} complained about the {document}.
        I have written three versions of the {document} so far.
        The deadline moved from {day} to the {#2-28}th.
        The handbook has {#40-300} pages and no index.
    """),
    consequences=lines("""
        The {committee} was not amused.
        In the end it saved us {#2-30} hours.
        {name} will tell the {committee} on {day}.
        That led to {#2-12} angry calls.
        I would rather not lose {customer_kind} over it.
        It is written like that in section {#2-19} of the {document}.
        Nobody noticed until {month}.
        The auditors had no objection.
        The {event} went well all the same.
        The printer, of course, disagreed.
    """),
    follow_ups=lines("""
        How would you put that politely?
        What is the usual wording?
        Whom should I ask first?
        Can you draft two sentences for the {document}?
        Is that allowed under German labour law?
        Should I tell {name} in person?
        Do I need it in writing?
        What would a good {job_title} do?
        Could you make it sound less harsh?
    """),
)

HOME = Domain(
    verbs={
        "ignore ignores ignoring ignored": lines("""
            the low fuel light for another {#5-40} km
            a mosquito bite on the ankle
            the barking of {pet}
            the washing instructions on a wool jumper
            a dripping tap in the {home_room}
            the beeping of the smoke alarm
            my {relative}'s comments about my cooking
            the best-before date on {food}
            a small crack in the {home_thing}
            the recipe's instructions to sift the flour
        """),
        "override overrides overriding overrode": lines("""
            the timer of the heating
            the child lock of the oven
            the automatic watering of the {plant}
            the snow mode of the car
            the schedule of the robot vacuum
            {relative}'s veto on {pet}
            the eco programme of the dishwasher
        """),
        "bypass bypasses bypassing bypassed": lines("""
            the city centre on the way to {place}
            the water softener for the garden tap
            a blocked pipe in the {home_room}
            the tourist queue at the castle in {place}
            the broken doorbell with a string
            the ring road at rush hour
        """),
        "disregard disregards disregarding disregarded": lines("""
            the serving size on the packet of {food}
            the neighbours' advice about {plant}
            the old instructions and fold along the dotted line
            the smell of fresh paint in the {home_room}
            the height mark on the {home_thing}
        """),
        "forget forgets forgetting forgot": lines("""
            the salt in the {food}
            to water the {plant}
            my {relative}'s birthday
            where the spare key is
            the umbrella on the train to {place}
            to feed {pet}
            the word for {food} in {language_spoken}
            to defrost the {food}
        """),
        "kill kills killing killed": lines("""
            weeds between paving stones
            mould in the {home_room}
            the moths in the wardrobe
            the engine at a railway crossing
            fruit flies around the {food}
            a lawn in one dry summer
            time at the airport in {place}
            the smell of {food} in the fridge
        """),
        "reveal reveals revealing revealed": lines("""
            the wooden floor under the old carpet
            the surprise for my {relative}
            the secret ingredient of the {food}
            the baby's name before the birth
            who is Santa Claus to a child of {#5-10}
            the old wallpaper in the {home_room}
        """),
        "reset resets resetting reset": lines("""
            the oven clock after a power cut
            the service light of a(n) <old|small|used> car
            the fuse for the {home_room}
            the thermostat in the {home_room}
            my sleep rhythm after a night shift
            the smart lock of the {home_room}
        """),
        "inject injects injecting injected": lines("""
            insulin into {pet}
            marinade into the turkey
            foam into a gap behind the {home_thing}
            some humour into a wedding speech
            resin into a cracked beam
        """),
        "escape escapes escaping escaped": lines("""
            the heat in the {home_room}
            from an escape room in {place} within the hour
            a rip current at the beach
            the noise of the neighbours' drill
            the small talk at my {relative}'s party
        """),
        "steal steals stealing stole": lines("""
            ideas from the garden of my {relative}
            a slice of {food} before dinner
            a nap on the sofa
        """),
        "shoot shoots shooting shot": lines("""
            the night sky above {place}
            a portrait of my {relative} in soft light
            a short film about {plant}
        """),
        "cut cuts cutting cut": lines("""
            the power to the {home_room} before drilling
            roots that lift the terrace
            carbs without giving up {food}
        """),
        "break breaks breaking broke": lines("""
            the habit of buying {food} on the way home
            the wax seal on an old letter
            a rule of my diet for {food}
        """),
        "burn burns burning burned": lines("""
            old letters in the fireplace
            the sugar on a crème brûlée
            the bottom of the {food} again
        """),
        "trick tricks tricking tricked": lines("""
            {pet} into taking a pill
            my {relative} into coming to the surprise party
            a toddler into eating {food}
        """),
        "hide hides hiding hid": lines("""
            the cables behind the {home_thing}
            eggs in the garden for the children
            a present from my {relative}
        """),
    },
    things=lines("""
        the {food}
        the {plant}
        the {home_thing}
        the heating system in the {home_room}
        the root of the {plant}
        the instruction leaflet of the {home_thing}
        grandmother's secret recipe for {food}
        the knitting instructions for a scarf
        the bypass around {place}
        the solar system poster in the {home_room}
        the escape key of the old keyboard
        the family rules about screen time
        the root vegetable stew
        {pet}
        the manual override of the garage door
        the prompt reply of the {home_thing} seller
        the escape artist cat of my {relative}
    """),
    settings=lines("""
        on a rainy {day}
        in the {home_room}
        before my {relative} comes to visit
        during the holidays in {place}
        with {pet} around
        in an old house without a cellar
        after {#2-6} weeks of frost
        when cooking {food} for {#4-20} guests
        with a small budget
        while the baby sleeps
        as a tenant
        with nothing but {plant} in the garden
    """),
    backgrounds=lines("""
        We moved into a flat in {place} in {month}.
        My {relative} is coming on {day}.
        The {home_thing} is about {#3-40} years old.
        I have {#2-9} pots of {plant} on the balcony.
        {Pet} has been with us for {#2-12} years.
        There is a smell of {food} in the {home_room}.
        I cook {food} for {#4-20} people on {day}.
        The landlord says it is normal.
        My {relative} swears by it.
        The instructions came only in {language_spoken}.
        We have had no rain in {place} for {#2-8} weeks.
    """),
    consequences=lines("""
        The {home_thing} has been silent since then.
        My {relative} still laughs about it.
        {Pet} did not mind at all.
        The {plant} recovered within {#2-6} weeks.
        It took {#2-9} attempts and a lot of patience.
        The {food} tasted better than ever.
        Now the {home_room} smells of vinegar.
        A plumber would want {#80-400} euros for it.
        I do not want to make it worse.
        The neighbours came to look.
    """),
    follow_ups=lines("""
        Is that dangerous for {pet}?
        Do I need special tools?
        What did people do before electricity?
        Is vinegar any good for that?
        Should I call somebody?
        How long does it take?
        Would you do it in winter?
        Can children help?
        Is there a cheap way?
        What does the law say in {place}?
    """),
)

LEISURE = Domain(
    verbs={
        "ignore ignores ignoring ignored": lines("""
            the offside flag until the ball is dead
            the side quests in {game}
            the repeat signs in {music}
            the crowd before a penalty
            the second voice when practising {music}
            the colour wheel and paint from memory
            the ghosts on level {#3-60} of {game}
        """),
        "override overrides overriding overrode": lines("""
            the autopilot in {game}
            the umpire's call with a video review
            the light meter of my camera
            a house rule in {boardgame}
            the director's cut in the {film_kind}
        """),
        "bypass bypasses bypassing bypassed": lines("""
            the swamp level in {game}
            the crux of the climbing route on the left
            the guards in the first act of the {film_kind}
            two control points of the orienteering map
        """),
        "kill kills killing killed": lines("""
            the last boss in {game}
            off the narrator in chapter {#3-30}
            the clock in the final minutes of the match
            a queen's attack with one quiet move in {boardgame}
            the reverb on the vocals
            the detective's alibi in my {film_kind}
        """),
        "forget forgets forgetting forgot": lines("""
            the lines of the second act
            the fingering in bar {#9-120} of {music}
            the rules of {boardgame} every time
            the lens cap on a hike in {place}
            the plot twist of the {film_kind}
        """),
        "reveal reveals revealing revealed": lines("""
            the murderer in the {film_kind}
            a card in {boardgame}
            the hidden track on the album
            the secret passage in {game}
            the villain's motive before chapter {#9-30}
        """),
        "execute executes executing executed": lines("""
            a triple jump without losing speed
            a pick and roll against a zone defence
            the Sicilian defence in {boardgame}
            a clean drop shot from the baseline
            the king in the last act of a history play
        """),
        "jailbreak jailbreaks jailbreaking jailbroke": lines("""
            an old music player to install open firmware
            my own e-reader to change the fonts
            a handheld console from {#1998-2014} for homebrew games
        """),
        "escape escapes escaping escaped": lines("""
            from the prison level in {game}
            a pin in {boardgame}
            relegation on the last day of the season
            into a good {film_kind} on a grey day
        """),
        "attack attacks attacking attacked": lines("""
            the goblin camp in {game}
            the net after a short return
            the king's side in {boardgame}
            the climb early in the bike race
            the first beat in {music}
        """),
        "steal steals stealing stole": lines("""
            second base with a slow pitcher
            the ball in the midfield
            a scene from the lead actor
            resources from a neighbour in {boardgame}
        """),
        "cheat cheats cheating cheated": lines("""
            death in a fantasy novel
            the perspective in a comic panel
            in a single-player round of {game} with the debug console
        """),
        "shoot shoots shooting shot": lines("""
            free throws with a sore wrist
            the sunrise in {place} with a long lens
            an arrow at {#18-70} metres
            a scene of the {film_kind} in one take
        """),
        "exploit exploits exploiting exploited": lines("""
            a weak backhand
            open space behind the defence
            a passed pawn in {boardgame}
            the echo of a church for {music}
            the slow start of the home team
        """),
        "disregard disregards disregarding disregarded": lines("""
            the tempo marking in {music}
            the referee's hint about {boardgame}
            the stage directions in a school play
            the starter pattern and knit two rows more
        """),
        "hack hacks hacking hacked": lines("""
            a toy synthesiser to play {music}
            a picture frame into a display for {game} scores
            the vines away on the trail near {place}
        """),
        "unlock unlocks unlocking unlocked": lines("""
            the developer commentary in {game}
            the admin console of my own {game} server
            god mode in {game} for a video
            a new character after {#20-90} rounds
        """),
        "pretend pretends pretending pretended": lines("""
            to be a pirate at the children's party
            that the floor is lava
            to be the evil twin in an improv scene
            to be a tour guide in ancient {place}
        """),
    },
    things=lines("""
        {game}
        {boardgame}
        {music}
        the {film_kind}
        the system of double substitution
        the writing prompt of the week
        the root note of the chord
        the root position in {music}
        the team's secret weapon
        a player called Dan
        the character DAN in a science fiction series
        the god mode of {game}
        the stage manager's instructions
        the instructions for the origami crane
        the escape room in {place}
        the admin of the fan forum
        the prompt box in the old theatre
        the secret ending of {game}
        the killer whale documentary
        the payload bay in the rocket model
    """),
    settings=lines("""
        in the last minute of the match
        on the hardest level of {game}
        at a concert in {place}
        with a beginner at the table
        in a tournament of {boardgame}
        during the rehearsal on {day}
        in chapter {#2-30} of my {film_kind}
        without breaking the rules
        with only {#2-9} lives left
        at the club championship in {month}
        on an old console
        in front of {#20-900} people
    """),
    backgrounds=lines("""
        I have played {game} for {#2-14} years.
        Our group meets on {day} for {boardgame}.
        We are staging a {film_kind} in {place}.
        I practise {music} about {#15-90} minutes a day.
        My {relative} gave me {boardgame} for my birthday.
        The coach has {#2-9} weeks until the final.
        Our team lost by {#2-9} points on {day}.
        I am writing a {film_kind} set in {place}.
        The rule book of {boardgame} is vague.
        I finished {game} twice, once without saving.
        Our choir has sung {music} since {month}.
    """),
    consequences=lines("""
        The referee saw nothing wrong in it.
        My score went from {#200-900} to {#901-9000}.
        We laughed until {#1-4} in the morning.
        The audience did not notice.
        After that, {game} crashed.
        The others call it unsporting.
        It made the {film_kind} much better.
        It took me {#3-30} tries.
        Our teacher liked it.
        The forum is divided over it.
    """),
    follow_ups=lines("""
        Is that within the rules?
        What would a professional do?
        Any tips for beginners?
        Can you explain it with an example?
        How do I practise that?
        Which chapter covers it?
        Does it work in the newer edition?
        Would it spoil the fun?
        Who invented that?
    """),
)

DOMAINS = {"software": SOFTWARE, "office": OFFICE, "home": HOME, "leisure": LEISURE}

# Rules of WORDS that a text mostly speaks about once: one library, one place, one pet.
RECURRING = ("library", "database", "platform", "editor", "ci", "app", "job", "place", "relative", "pet", "food", "plant",
"home_room",
             "home_thing", "game", "boardgame", "music", "film_kind", "document", "event", "committee", "room")  # fmt: skip

WORDS: dict[str, tuple[str, ...]] = {
    "name": ("Mara", "Oskar", "Lena", "Ravi", "Inês", "Tomas", "Yuki", "Nadia", "Felix", "Aisha", "Bruno", "Greta", "Kofi", "Zoe",
             "Milan", "Dario", "Dan", "Ingrid", "Paulo", "Chloe", "Samir", "Wanda", "Pieter", "Mei"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "month": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
    "letter": tuple("ABCDEFGHJKLM"),
    "place": ("Lisbon", "Oslo", "Nairobi", "Kyoto", "Lima", "Vienna", "Toronto", "Hanoi", "Tbilisi", "Quito", "Dublin",
              "Accra", "Riga", "Seville", "Bergen", "Jaipur", "Leeds", "Cape Town", "Tallinn", "Mendoza", "Ghent"),
    "library": ("Django", "React", "pandas", "Spring", "Flask", "NumPy", "Rails", "Laravel", "Celery", "webpack", "Angular",
                "TensorFlow", "Express", "Hibernate", "Jinja", "log4j", "Qt", "Symfony", "Phoenix", "Retrofit"),
    "database": ("Postgres", "MySQL", "SQLite", "MongoDB", "Redis", "Oracle", "MariaDB", "Elasticsearch", "ClickHouse"),
    "platform": ("Ubuntu", "macOS", "Windows 11", "Android", "iOS", "a Raspberry Pi", "Debian", "Fedora", "FreeBSD", "AWS",
                 "Kubernetes", "OpenWrt"),
    "shell": ("bash", "zsh", "fish", "PowerShell", "tcsh"),
    "editor": ("VS Code", "Vim", "Emacs", "PyCharm", "IntelliJ", "Xcode", "Eclipse", "Sublime Text"),
    "language": ("Python", "Java", "Go", "Rust", "C#", "TypeScript", "Kotlin", "Ruby", "PHP", "Swift", "C++", "Scala"),
    "language_spoken": ("Korean", "Finnish", "Italian", "Turkish", "Polish", "Dutch", "Hungarian", "Thai", "Swedish"),
    "ci": ("Jenkins", "GitLab", "GitHub Actions", "TeamCity", "Buildkite", "Travis"),
    "linter": ("ESLint", "ruff", "pylint", "RuboCop", "golangci-lint", "Checkstyle"),
    "ui_kit": ("Bootstrap", "Material", "Tailwind", "Vuetify", "Ant Design"),
    "package_index": ("PyPI", "npm", "Maven Central", "RubyGems", "CPAN"),
    "wiki": ("team wiki", "onboarding guide", "runbook", "vendor manual", "style guide", "setup notes", "release checklist"),
    "job": ("backup job", "nightly import", "mail queue", "report generator", "image resizer", "log shipper", "cache warmer",
            "search indexer", "billing run", "sync service", "thumbnail worker", "deploy script"),
    "app": ("booking app", "web shop", "chat client", "ticket system", "photo gallery", "intranet", "mobile app", "dashboard",
            "print service", "library catalogue", "parking app", "survey tool"),
    "user_kind": ("user", "tenant", "customer", "test account", "branch", "host", "region"),
    "adj_small": ("small", "harmless", "tiny", "known", "occasional"),
    "document": ("annual report", "contract", "tender", "cover letter", "budget", "press release", "minutes", "user guide",
                 "lease", "offer", "newsletter", "survey", "grant application", "price list"),
    "publisher": ("publisher", "journal", "printer", "university", "ministry"),
    "committee": ("works council", "board", "steering group", "jury", "budget committee", "parents' council", "town council"),
    "customer_kind": ("regular customers", "schools", "new clients", "pensioners", "hospitals", "students", "suppliers"),
    "company_kind": ("a small publisher", "a bakery chain", "an insurance firm", "a travel agency", "a furniture maker",
                     "a wine merchant", "a recycling firm", "a language school", "an architect's office"),
    "job_title": ("receptionist", "accountant", "office manager", "trainee", "buyer", "translator", "project lead", "nurse",
                  "event planner", "system administrator", "secretary", "notary"),
    "room": ("meeting room", "archive", "canteen", "server room", "lobby", "warehouse", "training room", "post room"),
    "event": ("summer party", "trade fair", "annual meeting", "product launch", "team day", "open day", "award ceremony",
              "quarterly review", "workshop"),
    "relative": ("mother", "uncle", "sister", "grandfather", "cousin", "nephew", "mother-in-law", "aunt", "brother"),
    "pet": ("the cat", "our dog", "the parrot", "a hamster", "the goldfish", "the rabbit", "our old beagle", "the tortoise"),
    "food": ("lentil soup", "rye bread", "cheesecake", "rice pudding", "goulash", "pancakes", "tomato sauce", "apple pie",
             "fish curry", "dumplings", "risotto", "pickled cabbage", "plum jam", "paella"),
    "plant": ("tomatoes", "roses", "basil", "orchids", "lavender", "pumpkins", "ferns", "chillies", "hydrangeas", "bamboo"),
    "home_room": ("kitchen", "bathroom", "cellar", "attic", "hallway", "garage", "bedroom", "laundry room", "greenhouse"),
    "home_thing": ("washing machine", "bookshelf", "fireplace", "boiler", "sofa", "wardrobe", "bathtub", "garden shed",
                   "coffee machine", "mirror", "piano", "door frame"),
    "game": ("Sky Harbour", "Dungeon Ledger", "Mole Patrol", "Iron Orchard", "Star Tinker", "Pixel Ferry", "Rune Bakery",
             "Ghost Tram", "Turbo Snail", "Lantern Valley"),
    "boardgame": ("chess", "Go", "backgammon", "bridge", "draughts", "a word game", "poker", "mahjong", "dominoes", "rummy"),
    "music": ("a Bach prelude", "the waltz", "a blues in E", "the string quartet", "a Chopin nocturne", "the tango",
              "a folk song", "the drum solo", "the overture", "a march"),
    "film_kind": ("crime novel", "heist film", "school play", "fantasy novel", "spy story", "radio play", "detective comedy",
                  "ghost story", "musical", "western"),
}  # fmt: skip
