//! What customers and agents of the sample company write, in its five languages.

use crate::calendar::Region;

/// What a conversation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Topic {
    #[default]
    Login,
    Exports,
    Reports,
    Invoice,
    Invites,
    Interface,
}

impl Topic {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Exports => "exports",
            Self::Reports => "reports",
            Self::Invoice => "invoice",
            Self::Invites => "invites",
            Self::Interface => "interface",
        }
    }
}

/// A comment on a survey and what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Remark {
    pub(crate) text: &'static str,
    pub(crate) tags: &'static [&'static str],
}

const fn remark(text: &'static str, tags: &'static [&'static str]) -> Remark {
    Remark { text, tags }
}

/// All sentences in one language.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// Subject and first message per [`Topic`], in its order.
    topics: [(&'static str, &'static str); 6],
    pub(crate) received: &'static str,
    pub(crate) suggestion: &'static str,
    pub(crate) answers: [&'static str; 3],
    pub(crate) not_yet: [&'static str; 2],
    pub(crate) again: &'static str,
    pub(crate) welcome: &'static str,
    /// What a mailbox answers while its owner is away.
    pub(crate) away: &'static str,
    pub(crate) happy: [Remark; 3],
    pub(crate) mixed: [Remark; 2],
    pub(crate) unhappy: [Remark; 3],
    pub(crate) outage: [Remark; 2],
}

impl Phrases {
    /// The sentences of a region.
    pub(crate) fn of(region: Region) -> &'static Self {
        match region {
            Region::Americas => &ENGLISH,
            Region::Nordics => &SWEDISH,
            Region::Turkiye => &TURKISH,
            Region::Thailand => &THAI,
            Region::Indonesia => &INDONESIAN,
        }
    }

    pub(crate) fn subject(&self, topic: Topic) -> &'static str {
        self.topics.get(topic as usize).map_or("", |(subject, _)| subject)
    }

    pub(crate) fn opening(&self, topic: Topic) -> &'static str {
        self.topics.get(topic as usize).map_or("", |(_, opening)| opening)
    }
}

/// Notes are for colleagues, who share one language.
pub(crate) const NOTES: [&str; 3] = [
    "Seen before with this account.",
    "Asked engineering to look at the log.",
    "Customer called, wants a date.",
];
/// What spam says.
pub(crate) const SPAM: [&str; 2] = ["Win a prize today", "Cheap visitors for your site"];

const EASE: &[&str] = &["ease"];
const PRICE: &[&str] = &["price"];
const QUICK_SUPPORT: &[&str] = &["support", "speed"];
const SLOW_REPORTS: &[&str] = &["reports", "speed"];
const OUTAGE: &[&str] = &["exports", "reliability"];

const ENGLISH: Phrases = Phrases {
    topics: [
        ("Cannot sign in", "My password is refused since this morning."),
        ("Export fails", "The export stops and no file arrives."),
        ("Report shows wrong total", "The sum at the bottom differs from the rows."),
        ("Question about invoice", "Why did we pay more this month?"),
        ("Invitation not received", "My colleague never got the invitation."),
        ("Interface returns an error", "Our program gets error 500 now and then."),
    ],
    received: "We have received your message.",
    suggestion: "This help page may have the answer.",
    answers: [
        "Thanks, we are looking into it.",
        "Please try once more.",
        "We have corrected it on our side.",
    ],
    not_yet: ["It still does not work.", "I tried, but nothing changed."],
    again: "Unfortunately the problem is back.",
    welcome: "How is your first month going?",
    away: "I am out of the office until Monday.",
    happy: [
        remark("Easy to use and quick to learn.", EASE),
        remark("Support solved it within minutes.", QUICK_SUPPORT),
        remark("Good value for the price.", PRICE),
    ],
    mixed: [
        remark("It works, but reports are slow.", SLOW_REPORTS),
        remark("Fine so far, a bit expensive.", PRICE),
    ],
    unhappy: [
        remark("Too expensive for what it does.", PRICE),
        remark("I waited far too long for an answer.", QUICK_SUPPORT),
        remark("Hard to find anything.", EASE),
    ],
    outage: [remark("Exports have failed for days.", OUTAGE), remark("We cannot get our data out.", OUTAGE)],
};

const SWEDISH: Phrases = Phrases {
    topics: [
        ("Kan inte logga in", "Mitt lösenord godtas inte sedan i morse."),
        ("Exporten misslyckas", "Exporten avbryts och ingen fil kommer."),
        ("Rapporten visar fel summa", "Summan längst ner stämmer inte med raderna."),
        ("Fråga om fakturan", "Varför fick vi betala mer den här månaden?"),
        ("Inbjudan kom inte fram", "Min kollega har inte fått inbjudan."),
        ("Gränssnittet ger fel", "Vårt program får fel 500 då och då."),
    ],
    received: "Vi har tagit emot ditt meddelande.",
    suggestion: "Den här hjälpsidan kanske ger svar.",
    answers: ["Tack, vi tittar på det.", "Försök gärna en gång till.", "Vi har rättat det hos oss."],
    not_yet: ["Det fungerar fortfarande inte.", "Jag försökte, men inget hände."],
    again: "Tyvärr är problemet tillbaka.",
    welcome: "Hur går er första månad?",
    away: "Jag är tillbaka på måndag.",
    happy: [
        remark("Lätt att använda och snabbt att lära sig.", EASE),
        remark("Supporten löste det på några minuter.", QUICK_SUPPORT),
        remark("Prisvärt.", PRICE),
    ],
    mixed: [
        remark("Det fungerar, men rapporterna är långsamma.", SLOW_REPORTS),
        remark("Bra hittills, men lite dyrt.", PRICE),
    ],
    unhappy: [
        remark("För dyrt för vad det gör.", PRICE),
        remark("Jag fick vänta alldeles för länge på svar.", QUICK_SUPPORT),
        remark("Svårt att hitta rätt.", EASE),
    ],
    outage: [
        remark("Exporten har inte fungerat på flera dagar.", OUTAGE),
        remark("Vi får inte ut våra data.", OUTAGE),
    ],
};

const TURKISH: Phrases = Phrases {
    topics: [
        ("Giriş yapamıyorum", "Bu sabahtan beri şifrem kabul edilmiyor."),
        ("Dışa aktarma başarısız", "Dışa aktarma duruyor ve dosya gelmiyor."),
        ("Raporda toplam yanlış", "Alttaki toplam satırlarla uyuşmuyor."),
        ("Fatura hakkında soru", "Bu ay neden daha fazla ödedik?"),
        ("Davet ulaşmadı", "Arkadaşıma davet gelmedi."),
        ("Arayüz hata veriyor", "Programımız ara sıra 500 hatası alıyor."),
    ],
    received: "Mesajınızı aldık.",
    suggestion: "Bu yardım sayfası sorunuzu yanıtlayabilir.",
    answers: ["Teşekkürler, inceliyoruz.", "Lütfen bir kez daha deneyin.", "Bizim tarafımızda düzelttik."],
    not_yet: ["Hâlâ çalışmıyor.", "Denedim ama bir şey değişmedi."],
    again: "Maalesef sorun yeniden başladı.",
    welcome: "İlk ayınız nasıl gidiyor?",
    away: "Pazartesiye kadar ofis dışındayım.",
    happy: [
        remark("Kullanımı kolay, çabuk öğreniliyor.", EASE),
        remark("Destek ekibi birkaç dakikada çözdü.", QUICK_SUPPORT),
        remark("Fiyatının karşılığını veriyor.", PRICE),
    ],
    mixed: [
        remark("Çalışıyor ama raporlar yavaş.", SLOW_REPORTS),
        remark("Şimdilik iyi, biraz pahalı.", PRICE),
    ],
    unhappy: [
        remark("Yaptığı işe göre çok pahalı.", PRICE),
        remark("Yanıt için çok uzun süre bekledim.", QUICK_SUPPORT),
        remark("Aradığımı bulmak zor.", EASE),
    ],
    outage: [
        remark("Dışa aktarma günlerdir çalışmıyor.", OUTAGE),
        remark("Verilerimizi dışarı alamıyoruz.", OUTAGE),
    ],
};

const THAI: Phrases = Phrases {
    topics: [
        ("เข้าสู่ระบบไม่ได้", "รหัสผ่านใช้ไม่ได้ตั้งแต่เช้านี้"),
        ("ส่งออกข้อมูลไม่สำเร็จ", "การส่งออกหยุดกลางทางและไม่มีไฟล์"),
        ("ยอดรวมในรายงานผิด", "ยอดรวมด้านล่างไม่ตรงกับรายการ"),
        ("สอบถามเรื่องใบแจ้งหนี้", "ทำไมเดือนนี้เราจ่ายมากขึ้น"),
        ("ไม่ได้รับคำเชิญ", "เพื่อนร่วมงานยังไม่ได้รับคำเชิญ"),
        ("ส่วนต่อประสานแจ้งข้อผิดพลาด", "โปรแกรมของเราเจอข้อผิดพลาด 500 เป็นครั้งคราว"),
    ],
    received: "เราได้รับข้อความของคุณแล้ว",
    suggestion: "หน้าช่วยเหลือนี้อาจมีคำตอบ",
    answers: ["ขอบคุณ เรากำลังตรวจสอบ", "โปรดลองอีกครั้ง", "เราแก้ไขให้เรียบร้อยแล้ว"],
    not_yet: ["ยังใช้งานไม่ได้", "ลองแล้วแต่ยังเหมือนเดิม"],
    again: "ปัญหากลับมาอีกแล้ว",
    welcome: "เดือนแรกของคุณเป็นอย่างไรบ้าง",
    away: "ไม่อยู่ที่สำนักงานจนถึงวันจันทร์",
    happy: [
        remark("ใช้งานง่ายและเรียนรู้ได้เร็ว", EASE),
        remark("ทีมช่วยเหลือแก้ปัญหาได้ในไม่กี่นาที", QUICK_SUPPORT),
        remark("คุ้มค่ากับราคา", PRICE),
    ],
    mixed: [remark("ใช้งานได้ แต่รายงานช้า", SLOW_REPORTS), remark("โดยรวมดี แต่แพงไปหน่อย", PRICE)],
    unhappy: [
        remark("แพงเกินไปเมื่อเทียบกับสิ่งที่ได้", PRICE),
        remark("รอคำตอบนานเกินไป", QUICK_SUPPORT),
        remark("หาสิ่งที่ต้องการยาก", EASE),
    ],
    outage: [remark("ส่งออกข้อมูลไม่ได้มาหลายวันแล้ว", OUTAGE), remark("เรานำข้อมูลของเราออกมาไม่ได้", OUTAGE)],
};

const INDONESIAN: Phrases = Phrases {
    topics: [
        ("Tidak bisa masuk", "Kata sandi saya ditolak sejak pagi ini."),
        ("Ekspor gagal", "Ekspor berhenti dan tidak ada berkas yang datang."),
        ("Total laporan salah", "Jumlah di bawah tidak sama dengan barisnya."),
        ("Pertanyaan tentang tagihan", "Mengapa kami membayar lebih bulan ini?"),
        ("Undangan tidak sampai", "Rekan saya belum menerima undangan."),
        ("Antarmuka memberi galat", "Program kami kadang mendapat galat 500."),
    ],
    received: "Pesan Anda sudah kami terima.",
    suggestion: "Halaman bantuan ini mungkin menjawab pertanyaan Anda.",
    answers: ["Terima kasih, sedang kami periksa.", "Silakan coba sekali lagi.", "Sudah kami perbaiki."],
    not_yet: ["Masih belum berfungsi.", "Sudah saya coba, tetapi tetap sama."],
    again: "Sayangnya masalahnya muncul lagi.",
    welcome: "Bagaimana bulan pertama Anda?",
    away: "Saya di luar kantor sampai hari Senin.",
    happy: [
        remark("Mudah dipakai dan cepat dipelajari.", EASE),
        remark("Tim dukungan menyelesaikannya dalam beberapa menit.", QUICK_SUPPORT),
        remark("Harganya sepadan.", PRICE),
    ],
    mixed: [
        remark("Berfungsi, tetapi laporannya lambat.", SLOW_REPORTS),
        remark("Cukup baik, hanya agak mahal.", PRICE),
    ],
    unhappy: [
        remark("Terlalu mahal untuk kegunaannya.", PRICE),
        remark("Saya menunggu jawaban terlalu lama.", QUICK_SUPPORT),
        remark("Sulit menemukan apa yang dicari.", EASE),
    ],
    outage: [
        remark("Ekspor gagal selama berhari-hari.", OUTAGE),
        remark("Kami tidak bisa mengeluarkan data kami.", OUTAGE),
    ],
};
