//! The list of rules with one more, one changed, or one less: the operation.

use domain::ids::RuleId;
use domain::operations::{RULES_MAX, RuleText, SettleRules};
use domain::records::{Community, Rule};
use domain::text::{Label, Localized, Text};

fn written(rule: &Rule) -> RuleText {
    RuleText { id: rule.id.clone(), label: rule.label.clone(), explanation: rule.explanation.clone() }
}

/// With a rule in the place of the one of that id; without an id, as the last one. None when there are as
/// many as there may be.
pub fn with(
    lists: &Community,
    id: Option<&RuleId>,
    label: Localized<Label>,
    explanation: Localized<Text>,
) -> Option<SettleRules> {
    let mut rules: Vec<RuleText> = lists.applied().map(written).collect();
    match id.and_then(|id| rules.iter_mut().find(|rule| rule.id == *id)) {
        Some(rule) => (rule.label, rule.explanation) = (label, explanation),
        None => rules.push(RuleText { id: new_id(lists)?, label, explanation }),
    }
    (rules.len() <= RULES_MAX).then_some(SettleRules { rules, premoderated: None })
}

/// Without one. None when no other is left.
pub fn without(lists: &Community, id: &RuleId) -> Option<SettleRules> {
    let rules: Vec<RuleText> = lists.applied().filter(|rule| rule.id != *id).map(written).collect();
    (!rules.is_empty()).then_some(SettleRules { rules, premoderated: None })
}

/// Whether the office looks first, from now on.
pub fn moderated(premoderated: bool) -> SettleRules {
    SettleRules { rules: Vec::new(), premoderated: Some(premoderated) }
}

/// One that no rule has or had here: what was hidden keeps its own.
fn new_id(lists: &Community) -> Option<RuleId> {
    let mut names = (1..).map(|number| format!("rule-{number}"));
    names.find(|name| lists.rules.iter().all(|rule| rule.id.as_str() != name))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::lang;
    use super::*;
    use domain::records::{CommunityKind, Place};

    fn said<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Localized<T> {
        Localized::new([(lang("fr"), text.parse().unwrap())]).unwrap()
    }

    fn lists(rules: &[(&str, bool)]) -> Community {
        let rule = |(id, retired): &(&str, bool)| Rule {
            id: id.parse().unwrap(),
            label: said(id),
            explanation: said("…"),
            retired: *retired,
        };
        let place = Place {
            id: "laforce".parse().unwrap(),
            slug: "laforce".into(),
            name: "Laforce".parse().unwrap(),
            sort: CommunityKind::Municipality,
            designation: None,
            languages: vec![lang("fr")],
            moved_to: None,
        };
        Community {
            place,
            subjects: vec![],
            rules: rules.iter().map(rule).collect(),
            settled_at: None,
            bounds: None,
            premoderated_since: None,
            premoderation_settled_at: None,
        }
    }

    fn ids(settle: Option<SettleRules>) -> Vec<String> {
        settle.unwrap().rules.into_iter().map(|rule| rule.id.to_string()).collect()
    }

    #[test]
    fn a_new_rule_takes_a_name_that_none_has_or_had() {
        let lists = lists(&[("insult", false), ("rule-1", true)]);
        assert_eq!(ids(with(&lists, None, said("Publicité"), said("…"))), ["insult", "rule-2"]);
        let insult = "insult".parse().unwrap();
        let changed = with(&lists, Some(&insult), said("Injure"), said("…")).unwrap();
        assert_eq!((changed.rules.len(), &changed.rules[0].label), (1, &said("Injure")));
    }

    #[test]
    fn a_rule_says_nothing_of_whether_the_office_looks_first() {
        let lists = lists(&[("insult", false), ("other", false)]);
        assert_eq!(with(&lists, None, said("x"), said("x")).unwrap().premoderated, None);
        assert!(moderated(true).rules.is_empty());
    }

    #[test]
    fn the_last_rule_stays_and_there_are_not_too_many() {
        let insult = "insult".parse().unwrap();
        assert_eq!(without(&lists(&[("insult", false), ("old", true)]), &insult), None);
        assert_eq!(ids(without(&lists(&[("insult", false), ("other", false)]), &insult)), ["other"]);
        let names: Vec<String> = (0..RULES_MAX).map(|number| format!("r{number}")).collect();
        let full: Vec<(&str, bool)> = names.iter().map(|name| (name.as_str(), false)).collect();
        assert_eq!(with(&lists(&full), None, said("x"), said("x")), None);
    }
}
