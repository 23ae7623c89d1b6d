//! Formatting numbers and lengths.

/// `12345` as `12,345`.
pub fn group_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 user`, `2 users`.
pub fn user_count(count: u64) -> String {
    group_digits(count) + if count == 1 { " user" } else { " users" }
}

/// A number of tenths as a decimal: `123` as `12.3`.
pub fn tenths(number: u32) -> String {
    let mut text = group_digits(u64::from(number / 10));
    text.push('.');
    text.push_str(&(number % 10).to_string());
    text
}

/// A CSS length in whole px: formatting fractions would be a notable part of the page's size.
pub fn px(length: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "browsers limit the height of elements to far below 2³¹ px"
    )]
    let whole = length.round() as i32;
    whole.to_string() + "px"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_thousands() {
        let cases = [
            (0, "0"),
            (7, "7"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (100_000, "100,000"),
            (1_000_000, "1,000,000"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ];
        for (number, text) in cases {
            assert_eq!(group_digits(number), text);
        }
    }

    #[test]
    fn only_one_is_singular() {
        assert_eq!(user_count(1), "1 user");
        assert_eq!(user_count(0), "0 users");
        assert_eq!(user_count(20_000), "20,000 users");
    }

    #[test]
    fn tenths_have_one_decimal() {
        assert_eq!(tenths(0), "0.0");
        assert_eq!(tenths(7), "0.7");
        assert_eq!(tenths(123), "12.3");
        assert_eq!(tenths(1_234_567), "123,456.7");
    }
}
