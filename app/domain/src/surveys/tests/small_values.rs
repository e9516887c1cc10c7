use super::*;
use proptest::prelude::*;

#[test]
fn a_number_is_read_exactly_and_written_shortest() {
    for (text, thousandths, written) in [
        ("0", 0, "0"),
        ("12.5", 12_500, "12.5"),
        ("-0.05", -50, "-0.05"),
        ("007.100", 7_100, "7.1"),
        ("-0", 0, "0"),
        ("0.001", 1, "0.001"),
        ("999999999999.999", 999_999_999_999_999, "999999999999.999"),
    ] {
        let number: Decimal = text.parse().unwrap();
        assert_eq!((number.thousandths(), number.to_string().as_str()), (thousandths, written));
    }
}

#[test]
fn what_is_no_number_of_ours_is_refused() {
    for text in [
        "",
        "-",
        ".",
        "1.",
        ".5",
        "1,5",
        "1.2345",
        "1e3",
        "+1",
        "--1",
        "1.-5",
        " 1",
        "٣",
        "0x1",
        "1000000000000",
    ] {
        assert!(text.parse::<Decimal>().is_err(), "{text}");
    }
    assert!(
        serde_json::from_str::<Decimal>("12.5").is_err(),
        "a number of JSON is a binary fraction to many"
    );
    assert_eq!(Decimal::from_thousandths(1_000_000_000_000_000), None);
}

#[test]
fn decimals_are_counted() {
    let decimals = |text: &str| text.parse::<Decimal>().unwrap().decimals();
    assert_eq!([decimals("10"), decimals("1.5"), decimals("-1.25"), decimals("1.001")], [0, 1, 2, 3]);
}

#[test]
fn a_day_exists() {
    for day in ["2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01", "9999-04-30"] {
        assert_eq!(day.parse::<Day>().unwrap().to_string(), day);
    }
    for day in [
        "2026-02-29",
        "1900-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "0000-01-01",
        "2026-1-1",
        "2026/01/01",
        "20260101",
        "2026-01-32",
        "2026-0a-01",
        "+026-01-01",
        "",
    ] {
        assert!(day.parse::<Day>().is_err(), "{day}");
    }
}

#[test]
fn a_month_is_written_as_its_days_begin() {
    let month: Month = "2026-11".parse().unwrap();
    assert_eq!((month, month.to_string().as_str()), (Month::of("2026-11-30".parse().unwrap()), "2026-11"));
    assert!("2026-13".parse::<Month>().is_err());
}

proptest! {
    #[test]
    fn every_number_is_read_back(thousandths in -999_999_999_999_999_i64..=999_999_999_999_999) {
        let number = Decimal::from_thousandths(thousandths).unwrap();
        prop_assert_eq!(number.to_string().parse(), Ok(number));
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,20}") {
        let _ = (text.parse::<Decimal>(), text.parse::<Day>(), text.parse::<Month>());
    }
}
