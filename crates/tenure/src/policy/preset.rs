//! Presets: named sets of choices.

use super::{PolicyDescription, choice};
use crate::error::{Error, ErrorKind, quoted, suggest};

choice! {
    /// A named set of choices, mostly a vendor's. Each KPI knows some of them.
    #[derive(Default)]
    pub enum Preset {
        /// No preset: the documented defaults.
        #[default]
        None = "none",
        /// Amplitude.
        Amplitude = "amplitude",
        /// Amplitude, mobile applications.
        AmplitudeMobile = "amplitude_mobile",
        /// Benbria.
        Benbria = "benbria",
        /// Blueriq.
        Blueriq = "blueriq",
        /// Chatwoot.
        Chatwoot = "chatwoot",
        /// `ChurnZero`.
        ChurnZero = "churn_zero",
        /// `CloseAlert`.
        Closealert = "closealert",
        /// CustomerGauge.
        CustomerGauge = "customer_gauge",
        /// Custify.
        Custify = "custify",
        /// `EmailAnalytics`.
        EmailAnalytics = "email_analytics",
        /// Freshdesk.
        Freshdesk = "freshdesk",
        /// Freshping.
        Freshping = "freshping",
        /// Freshservice.
        Freshservice = "freshservice",
        /// Freshworks CRM.
        Freshworks = "freshworks",
        /// Gainsight.
        Gainsight = "gainsight",
        /// Helpshift.
        Helpshift = "helpshift",
        /// Help Scout.
        HelpScout = "help_scout",
        /// Intercom.
        Intercom = "intercom",
        /// `MetricsFlare`.
        MetricsFlare = "metrics_flare",
        /// Mixpanel.
        Mixpanel = "mixpanel",
        /// Mixpanel, with re-entry optimized.
        MixpanelReentry = "mixpanel_reentry",
        /// Natero.
        Natero = "natero",
        /// Plain.
        Plain = "plain",
        /// `PostHog`.
        Posthog = "posthog",
        /// QuestionPro.
        Questionpro = "questionpro",
        /// Redo.
        Redo = "redo",
        /// ServiceRocket Surveys.
        ServiceRocket = "service_rocket",
        /// ServiceRocket Surveys, 5-point scale.
        ServiceRocket5 = "service_rocket_5",
        /// ServiceRocket Surveys, 7-point scale.
        ServiceRocket7 = "service_rocket_7",
        /// SmartSurvey.
        Smartsurvey = "smartsurvey",
        /// `SogoSurvey`.
        Sogosurvey = "sogosurvey",
        /// Tencent Cloud.
        Tencent = "tencent",
        /// Totango.
        Totango = "totango",
        /// `UserGuiding`.
        UserGuiding = "user_guiding",
        /// UserVoice.
        UserVoice = "user_voice",
        /// Userpilot.
        Userpilot = "userpilot",
        /// Vitally.
        Vitally = "vitally",
        /// InMoment (Wootric).
        Wootric = "wootric",
        /// Zendesk.
        Zendesk = "zendesk",
        /// Zoho Desk.
        Zoho = "zoho",
    }
}

impl Preset {
    /// Whether no preset was asked for.
    pub fn is_none(&self) -> bool {
        *self == Preset::None
    }
}

pub(crate) fn unknown_preset(preset: &str, described: &PolicyDescription) -> Error {
    let known = described.presets.iter().map(|known| known.name);
    let hint = if described.presets.is_empty() { "; it has none".to_owned() } else { suggest(preset, known) };
    let message = format!("preset {} is not one of this KPI's{hint}", quoted(preset));
    Error::new(ErrorKind::UnknownPolicy, message)
}
