"""Sentences of many languages: a word for the thing, and after it a word for what is the matter with it.

Stems are enough: `empfanger` finds Empfängers, `unbekannt` unbekannter. Accents are folded before the
comparison.
"""

from __future__ import annotations

from wildwatch.mail.rules.model import Pair, Rule

_S = "replies of national providers and hosters, sentence by sentence"

SPAM = (
    Rule("spam-sentence", "spam_content", (
        Pair("message|mail|content|text|subject|body",
             "junk|bulk|unsolicited|unwanted|advertis|newsletter|marketing|obscene|offensive|suspect"
             "|fingerprint|"
             "bad words|blocked content|matches a profile|filter"),
    ), source=_S),
)  # fmt: skip

SENDER = (
    Rule("sender-sentence", "policy", (
        Pair("expediteur|absender|remitente|mittente|remetente|отправител|nadawc|afzender|发件人"
             "|送信者|発信者|差出人",
             "invalid|refus|bloqu|gesperrt|abgelehnt|blockiert|rechaz|rifiut|bloccat|recus|заблок"
             "|отклон|zablok|odrzuc|"
             "geweiger|geblok|拒|屏蔽|ungultig|inconnu|unbekannt|desconoc|sconosc|неизв|valid"
             "|no existe|non esiste|"
             "inexist|permit|autoriz|autoris|nicht erlaubt|не разреш"),
    ), detail="sender", source=_S),
)  # fmt: skip

FULL = (
    Rule("full-sentence", "mailbox_full", (
        Pair("mailbox|inbox|user|recipient|account|storage",
             "run out of|out of space|out of mailbox space|out of storage|no more space|no free space"
             "|at capacity|"
             "cannot accept more|can't accept more|cannot hold|not have enough|lacks space|space is low"),
        Pair("mailbox|mail box|inbox|account|user|recipient|storage|quota|maildir",
             "is full|was full|over its|over their|over the limit|has no space|is at its limit"
             "|reached its limit|reached its quota|reached the limit|reached their|maxed out|exhausted"),
        Pair("postfach|mailbox|konto|postkorb|posteingang|briefkasten|speicher|quota|kontingent"
             "|empfanger|empfaenger", "voll|uberfull|ueberfuell|uberschritten|ueberschritten"
             "|erschopft|ausgeschopft|erreicht|kein platz|keinen platz|kein speicher|nicht genug"),
        Pair("boite|bal |messagerie|compte|destinataire|quota|espace",
             "plein|satur|depass|insuffisant|atteint"),
        Pair("buzon|casilla|cuenta|bandeja|destinatario|cuota|espacio|almacenamiento",
             "lleno|llena|exced|superad|agotad|insuficiente|sobrepas|completo"),
        Pair("casella|mailbox|account|utente|quota|spazio|posta del destinatario",
             "piena|pieno|esaurit|superat|satur|oltre"),
        Pair("caixa|conta|cota|quota|espaco|destinatario|armazenamento",
             "cheia|cheio|lotad|excedid|excedeu|insuficiente|esgotad|ultrapass"),
        Pair("ящик|квот|хранилищ|пространств", "переполн|превыш|недостаточно|заполнен|исчерпан|закончил"),
        Pair("скриньк|квот", "переповн|перевищ|заповнен"),
        Pair("skrzynk|pojemnosc|miejsc|quota|przestrzen", "pelna|pelny|przepeln|przekrocz|wyczerpan"),
        Pair("przekrocz", "pojemnosc|miejsc|quot|rozmiar skrzynki|przestrzen"),
        Pair("mailbox|postvak|postbus|inbox|quota|brievenbus", " vol |is vol|vol.|overschreden|overvol"),
        Pair("メールボックス|受信箱|容量|ボックス|受信者",
             "いっぱい|一杯|満杯|超え|超過|オーバー|不足|フル"),
        Pair("邮箱|信箱|空间|容量|郵箱|空間|配额|存储", "已满|满了|不足|超出|超过|超限|已滿|用尽|用完"),
        Pair("메일함|편지함|용량|저장", "초과|가득|부족"),
        Pair("schrank|kvot", "pln|preplnen|prekrocen"),
    ), source=_S),
)  # fmt: skip

RATE = (
    Rule("rate-sentence", "rate_limit", (
        Pair("sendelimit|nachrichtenlimit|verbindungslimit|limit fur|limit der|rate",
             "uberschritten|ueberschritten|erreicht"),
        Pair("verlangsam|drossel|langsamer", "versand|senden|verbind|nachricht|bitte|mail"),
        Pair("limite d'envoi|limite de mess|limite de conn|limite du nombre|debit|nombre de messages"
             "|nombre de connexions", "depass|atteint|exced|eleve"),
        Pair("limite de envio|limite de mens|limite de corr|limite de conex|limite de mail"
             "|limite por hora|limite diario", "exced|super|alcanz|ating|ultrapass"),
        Pair("limite di mess|limite di invi|limite di conn|limite orario|limite giornalier"
             "|numero di mess|numero di conn", "super|raggiunt|eccedut"),
        Pair("лимит|количество сообщ|количество соед|частот|скорост|число соед|число сообщ",
             "превыш|исчерпан|велик|высок|ограничен"),
        Pair("短時間|一定時間|単位時間", "大量|多数|超|多い|多く"),
        Pair("送信数|送信量|接続数|接続回数|頻度|レート|流量", "制限|超|多|高"),
        Pair("发送|连接|频率|邮件数|速率|并发|頻率|連線",
             "过高|过快|过多|频繁|超限|超过|超出|过量|受限|限制|過多|太快|太多"),
        Pair("limit wysyl|limit wiad|limit polacz|liczba wiad|liczba polacz", "przekrocz|osiagn"),
        Pair("limiet|aantal berichten|aantal verbindingen|verzendlimiet", "overschreden|bereikt|te hoog"),
    ), permanent=False, source=_S),
    Rule("slow-down-sentence", "rate_limit", ("ralentissez", "verlangsamen", "rallentare",
         "reduzca la velocidad", "reduza a velocidade", "замедлите", "снизьте", "vertraag", "zwolnij"),
         permanent=False, source=_S),
)  # fmt: skip

INACTIVE = (
    Rule("inactive-sentence", "inactive_mailbox", (
        Pair("recipient|user|employee|person|colleague|owner|staff",
             "no longer with|no longer work|no longer at|no longer part|no longer employ|has left"
             "|left the company|"
             "left our|is gone|retired|deceased"),
        Pair("mailbox|account|user|recipient",
             "not activated|is not active|not enabled|has been disabled|has been closed"
             "|has been deleted|has been blocked|has been suspended|on hold"),
        Pair("postfach|konto|benutzer|mailbox|empfanger|adresse|account",
             "deaktiviert|gesperrt|stillgelegt|geschlossen|inaktiv|nicht aktiv|nicht mehr aktiv"
             "|geloscht|abgelaufen|eingefroren|gekundigt"),
        Pair("compte|boite|utilisateur|destinataire",
             "desactive|suspendu|ferme|inactif|inactive|bloque|cloture|supprime|resilie|expire"),
        Pair("cuenta|buzon|usuario|destinatario|casilla",
             "deshabilitad|desactivad|suspendid|bloquead|inactiv|cerrad|cancelad|dada de baja|expirad"),
        Pair("account|casella|utente|destinatario|mailbox",
             "disabilitat|disattivat|sospes|bloccat|inattiv|non attiv|chius|scadut|cancellat"),
        Pair("conta|caixa|usuario|destinatario",
             "desativad|desabilitad|suspens|bloquead|inativ|encerrad|cancelad|expirad|excluid"),
        Pair("учетная запись|учетной записи|ящик|пользовател|аккаунт|получател|абонент",
             "заблокирован|отключен|приостановлен|неактив|не активен|удален|деактивир|закрыт|заморожен"),
        Pair("konto|skrzynk|uzytkownik|adresat|odbiorc",
             "zablokowan|zawieszon|nieaktywn|wylaczon|dezaktywowan|zamkniet|usuniet"),
        Pair("account|mailbox|gebruiker|ontvanger|postvak",
             "geblokkeerd|uitgeschakeld|gedeactiveerd|opgeschort|niet actief|niet meer actief"
             "|afgesloten|opgeheven|inactief"),
        Pair("アカウント|メールアドレス|ユーザ|メールボックス|受信者",
             "無効|停止|使用されていません|使われていません|凍結|休止|解約|削除|ロック"),
        Pair("用户|帐号|账号|账户|邮箱|收件人|用戶|帳號",
             "禁用|停用|冻结|凍結|注销|锁定|暂停|关闭|封停|过期|停權"),
        Pair("계정|사용자|메일함", "정지|중지|휴면|비활성|잠"),
    ), source=_S),
)  # fmt: skip

BAD_DOMAIN = (
    Rule("domain-sentence", "bad_domain", (
        "no mail hosts", "no mail server for",
        Pair("recipient domain|destination domain|target domain|recipient's domain"
             "|domain of the recipient|mail domain",
             "not exist|n't exist|unknown|invalid|not found|no mx|cannot be resolved|could not be resolved|"
             "unresolvable|expired|not registered"),
        Pair("domain des empf|empfangerdomain|empfaengerdomain|zieldomain",
             "existiert|unbekannt|ungultig|nicht gefunden|nicht bekannt"),
        Pair("nom de domaine|domaine du destinataire|domaine de destination",
             "inexistant|n'existe|inconnu|invalide|introuvable"),
        Pair("dominio del destinatario|dominio de destino|nombre de dominio|dominio do destinatario"
             "|nome de dominio|dominio de destino", "no existe|inexistente|desconocid|nao existe"
             "|desconhecid|no valido|invalid|no encontrad|nao encontrad"),
        Pair("dominio del destinatario|nome a dominio|dominio di destinazione|nome di dominio",
             "non esiste|inesistente|sconosciut|non valid|non trovat"),
        Pair("домен получателя|доменное имя|домена получателя",
             "не существует|не найден|неизвест|отсутств"),
        Pair("domena odbiorcy|domena adresata|nazwa domeny", "nie istnieje|nieznan|nie znalezion"),
        Pair("domein van de ontvanger|domeinnaam|ontvangerdomein",
             "bestaat niet|onbekend|ongeldig|niet gevonden"),
        Pair("収件人域名|收件人域名|域名|ドメイン",
             "不存在|无效|存在しません|存在しない|見つかりません|无法解析"),
    ), source=_S),
)  # fmt: skip

UNKNOWN = (
    Rule("unknown-sentence", "unknown_user", (
        Pair("user|recipient|mailbox|mail-box|account|address|alias|addressee|customer|member"
             "|employee|destination|local part", "unknown|not found|not known|not exist|n't exist"
             "|may not exist|invalid|unrecognized|unrecognised|not recognized|not recognised"
             "|is not here|not defined|not registered|no longer valid|not listed"),
        Pair("empfanger|empfaenger|benutzer|nutzer|adresse|konto|postfach|mailbox|teilnehmer|adressat",
             "unbekannt|existiert|nicht bekannt|nicht gefunden|ungultig|ungueltig|nicht vorhanden"
             "|gibt es|nicht eingerichtet|falsch"),
        Pair("utilisateur|destinataire|adresse|compte|boite|abonne",
             "inconnu|n'existe|n existe|inexistant|invalide|introuvable|pas trouve|non trouve"
             "|incorrect|errone|pas valide|n'est pas connu"),
        Pair("usuario|destinatario|direccion|cuenta|buzon|casilla|correo",
             "desconocid|no existe|inexistente|no fue encontrad|no encontrad|no se encontr"
             "|no se ha encontrad|no ha sido encontrad|no valid|invalid|no es valid|incorrect"),
        Pair("utente|destinatario|indirizzo|casella|account",
             "sconosciut|non esiste|inesistente|non trovat|non e stat|non valid|non e valid|errat"
             "|non risulta"),
        Pair("usuario|destinatario|endereco|conta|caixa|utilizador",
             "desconhecid|nao existe|inexistente|nao encontrad|nao foi encontrad|invalid|nao localizad"),
        Pair("пользовател|получател|адрес|ящик|абонент|аккаунт|учетн",
             "не найден|не существ|неизвест|отсутств|неверн|недействит|не зарегистр|неправильн"
             "|нет на сервере"),
        Pair("користувач|адрес|одержувач|отримувач|скриньк", "не знайден|не існує|невідом"),
        Pair("uzytkownik|odbiorc|adres|skrzynk|konto|adresat",
             "nieznan|nie istnieje|nie znalezion|nieprawidlow|niepoprawn|nie zostal znaleziony|bledny"),
        Pair("gebruiker|ontvanger|adres|mailbox|postvak|geadresseerde",
             "onbekend|bestaat|niet gevonden|ongeldig|niet bekend"),
        Pair("宛先|ユーザ|アドレス|受信者|アカウント|メールボックス|あて先",
             "不明|存在し|見つか|ありません|誤り|正しくあり|いません"),
        Pair("用户|收件人|邮箱|帐号|账号|账户|地址|用戶|信箱|帳號|收信人|使用者|收件者",
             "不存在|无效|找不到|未找到|不正确|错误|無效|查无|未开通|未注册|不正確|有误"),
        Pair("사용자|수신자|계정|주소|메일", "존재하지|없습니다|없는|찾을 수|잘못"),
        Pair("mottagar|anvandar|adress|konto|bruger|modtager|bruker|mottaker|konto",
             "okand|finns inte|existerar inte|ukendt|findes ikke|eksisterer ikke|ukjent|finnes ikke"
             "|hittades inte"),
        Pair("uzivatel|adresat|prijemce|schrank|adresa|pouzivatel|prijemca",
             "neexistuje|neznam|nenalezen|nenasiel|neplatn"),
        Pair("kullanici|alici|adres|hesap", "bulunamadi|yok|gecersiz|bilinmiyor|mevcut degil"),
        Pair("kayttaja|vastaanottaja|osoite", "tuntematon|ei ole|ei loydy|ei loytynyt"),
        Pair("felhasznalo|cimzett|postafiok", "ismeretlen|nem letezik|nem talalhato"),
        Pair("utilizator|destinatar|adresa|cutie", "necunoscut|nu exista|inexistent|invalid"),
        Pair("χρηστης|παραληπτης|διευθυνση", "αγνωστ|δεν υπαρχει|δεν βρεθηκε"),
    ), source=_S),
)  # fmt: skip

DOMAIN_REPUTATION = (
    Rule("domain-reputation-sentence", "domain_reputation", (
        Pair("url|link|website|hyperlink| uri",
             "reputation|blacklist|blocklist|is blocked|malicious|known bad|listed in|listed on"),
        Pair("domain|dominio|domaine|домен|域名|domein|domena|domeny|ドメイン",
             "reputation|reputaz|reputac|reputat|репутац|信誉|評判|レピュテーション"),
    ), source=_S),
)  # fmt: skip

RELAY = (
    Rule("relay-sentence", "protocol", (
        Pair("relay|relais|weiterleitung|retransmis|inoltro|пересылк|ретрансляц|przekazywan"
             "|doorsturen|中継|转发|轉發",
             "denied|not allowed|not permitted|nicht erlaubt|nicht gestattet|verboten|verweigert"
             "|geweigerd|niet toegestaan|refus|interdit|non autoris|negat|non consentit|vietat"
             "|nao permit|negad|denegad|no permitid|no autorizad|prohibid|запрещ|запреще|не разреш"
             "|zabron|niedozwol|拒否|許可されて|禁止|不允许|拒绝|forbidden|prohibited|disallowed"
             "|to relay|disabled"),
        "allowed to relay", "n't relay",
    ), detail="relay", source=_S),
)  # fmt: skip
