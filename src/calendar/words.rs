//! Words for lengths and cadences in other languages than English: `monatlich`, `alle zwei Wochen`, `deux fois par mois`.

/// An English word, and those of other languages that mean it, in lower case. Those without an English one are left out.
const WORDS: &[(&str, &str)] = &[
    (
        "daily",
        "täglich quotidien quotidienne quotidiennement diario diaria diariamente giornaliero quotidiano \
         diário diária dagelijks codziennie dagligen daglig dagligt ежедневно 每天 毎日",
    ),
    (
        "weekly",
        "wöchentlich hebdomadaire hebdo semanal semanalmente settimanale settimanalmente wekelijks \
         cotygodniowo tygodniowo veckovis ukentlig ugentlig ugentligt еженедельно 每周 毎週",
    ),
    (
        "fortnightly",
        "zweiwöchentlich zweiwöchig vierzehntägig 14-tägig 14-täglich quincenal quinzenal quindicinale \
         tweewekelijks 每两周 隔週",
    ),
    (
        "monthly",
        "monatlich mensuel mensuelle mensuellement mensual mensualmente mensile mensilmente mensal \
         mensalmente maandelijks miesięcznie comiesięcznie månadsvis månatligen månedlig månedligt ежемесячно \
         每月 毎月",
    ),
    (
        "quarterly",
        "vierteljährlich quartalsweise trimestriel trimestrielle trimestral trimestralmente trimestrale \
         driemaandelijks kwartalnie kvartalsvis kvartalsvist ежеквартально 每季度 四半期ごと",
    ),
    (
        "half-yearly",
        "halbjährlich semestriel semestrielle semestral semestrale halfjaarlijks półrocznie halvårlig \
         halvårligt halvårsvis 每半年 半年ごと",
    ),
    (
        "yearly",
        "jährlich annuel annuelle annuellement anual anualmente annuale jaarlijks rocznie corocznie årlig \
         årligt årligen ежегодно 每年 毎年",
    ),
    (
        "every",
        "jede jeden jeder jedes jedem alle chaque tous toutes tout toute cada todo toda todos todas ogni elke \
         elk iedere ieder co każdy każda każdą każde hver hvert varje каждый каждую каждое каждые",
    ),
    ("every other", "annenhver annethvert varannan vartannat"),
    ("half", "halbes halbe halben medio pół halve"),
    ("once", "einmal eenmaal raz раз eens"),
    ("twice", "zweimal tweemaal dwukrotnie дважды"),
    ("times", "mal fois vez veces volta volte vezes keer razy gånger ganger gange раза"),
    ("one", "ein eine einem einer eines une una uno uma um een één jedną ett один одну"),
    ("two", "zwei deux dos due duas dois twee dwa dwie två два две"),
    ("three", "drei trois tres tre três drie trzy три"),
    ("four", "vier quatre cuatro quattro quatro cztery fyra fire четыре"),
    ("six", "sechs seis sei zes sześć sex seks шесть"),
    (
        "first",
        "erste ersten erster erstes premier première primer primera primero primo prima primeiro primeira \
         eerste pierwszy pierwsza pierwszą första første первый первую 1. 1º 1er",
    ),
    (
        "second",
        "zweite zweiten zweiter zweites deuxième segundo segunda secondo seconda tweede drugi drugą andra \
         второй вторую 2. 2º 2e anden annan annen",
    ),
    (
        "third",
        "dritte dritten dritter drittes troisième tercer tercera terzo terza terceiro terceira derde trzeci \
         trzecią tredje третий третью 3. 3º 3e",
    ),
    ("fourth", "vierte vierten vierter quatrième cuarto cuarta quarto quarta vierde fjärde fjerde 4. 4º"),
    (
        "last",
        "letzte letzten letzter letztes dernier dernière último última ultimo ultima laatste ostatni ostatnia \
         ostatnią sista siste sidste последний последнюю",
    ),
    ("minute", "minuten minuto minutos minuti minut minutt minutter minuty минута минут"),
    (
        "hour",
        "stunde stunden heure heures hora horas ora ore uur godzina godzin godziny timme timmar time timer \
         час часа часов",
    ),
    (
        "day",
        "tag tage tagen jour jours día días dia dias giorno giorni dag dagen dagar dager dage dzień dni день \
         дня дней",
    ),
    (
        "business day",
        "werktag werktage werktagen arbeitstag arbeitstage arbeitstagen werkdag werkdagen arbetsdag \
         arbetsdagar arbeidsdager arbejdsdage",
    ),
    (
        "week",
        "woche wochen semaine semaines semana semanas settimana settimane weken tydzień tygodnie tygodni \
         tygodniu vecka veckor veckan uke uker uken uge uger ugen неделя неделю недели недель",
    ),
    (
        "month",
        "monat monate monaten monats mois mes meses mese mesi mês maand maanden miesiąc miesiące miesięcy \
         miesiąca miesiącu månad månader månaden måned måneder måneden месяц месяца месяцев",
    ),
    (
        "quarter",
        "quartal quartale quartals trimestre trimestres trimestri kwartaal kwartalen kwartał kwartały \
         kwartale kvartal kvartalet квартал квартала",
    ),
    (
        "half-year",
        "halbjahr halbjahre semestre semestres semestri halfjaar półrocze halvår полугодие полгода",
    ),
    (
        "year",
        "jahr jahre jahren jahres an ans année années año años anno anni ano anos jaar jaren rok lata lat \
         roku år året год года лет году",
    ),
    ("monday", "montag lundi lunes lunedì segunda-feira maandag poniedziałek måndag mandag понедельник"),
    ("tuesday", "dienstag mardi martes martedì terça-feira dinsdag wtorek tisdag tirsdag вторник"),
    (
        "wednesday",
        "mittwoch mercredi miércoles mercoledì quarta-feira woensdag środa środę onsdag среда среду",
    ),
    ("thursday", "donnerstag jeudi jueves giovedì quinta-feira donderdag czwartek torsdag четверг"),
    ("friday", "freitag vendredi viernes venerdì sexta-feira vrijdag piątek fredag пятница пятницу"),
    ("saturday", "samstag samedi sábado sabato zaterdag sobota sobotę lördag lørdag суббота субботу"),
    ("sunday", "sonntag dimanche domingo domenica zondag niedziela niedzielę söndag søndag воскресенье"),
    ("mondays", "montags lundis maandags måndagar"),
    ("tuesdays", "dienstags mardis dinsdags tisdagar"),
    ("wednesdays", "mittwochs mercredis woensdags onsdagar"),
    ("thursdays", "donnerstags jeudis donderdags torsdagar"),
    ("fridays", "freitags vendredis vrijdags fredagar"),
    ("per", "im pro in par por per al del do della des du van w na i om в a à ao nel alla au en za"),
    ("and", "und et e y och og и"),
    ("", "am le la les el los las il lo het der die das den dem o os as på de"),
];

/// The most words of a cadence.
const MAX_WORDS: usize = 12;

/// The text in English; `None` if a word of it is unknown, or all are English. `jeden zweiten Montag im Monat` is `every second
/// monday per month`.
pub(super) fn in_english(text: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    let mut is_changed = false;
    for (count, word) in text.split_whitespace().enumerate() {
        let english = translated(word).filter(|_| count < MAX_WORDS);
        is_changed |= english.is_some();
        words.extend(english.or_else(|| is_english(word).then_some(word))?.split_whitespace());
    }
    words.dedup();
    // `a cada tres meses`
    if let ["per", "every", ..] = words[..] {
        words.remove(0);
    }
    is_changed.then(|| words.join(" "))
}

/// The English for a word of another language.
pub(super) fn translated(word: &str) -> Option<&'static str> {
    let means = |others: &str| others.split_whitespace().any(|other| other == word);
    WORDS.iter().find(|(_, others)| means(others)).map(|(english, _)| *english)
}

fn is_english(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) || WORDS.iter().any(|(english, _)| *english == word)
}
