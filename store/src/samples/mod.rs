//! People who are made up, to show what a directory looks like.

mod locales;

use std::fmt::Write;

use fake::{Fake, faker::name::raw::Name as FakeName, locales as fakes};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

use frontdesk_directory::{Email, Name, NewUser};

/// Sample people without end: the same ones in the same places, always and everywhere.
#[derive(Debug)]
pub struct Samples {
    number: u64,
    random: ChaCha8Rng,
}

impl Samples {
    /// Sample people whose addresses are numbered from `number` on, so that they meet neither each
    /// other nor those of an earlier run with lower numbers.
    #[must_use]
    pub fn starting_at(number: u64) -> Self {
        Self {
            number,
            random: ChaCha8Rng::seed_from_u64(number),
        }
    }
}

impl Iterator for Samples {
    type Item = NewUser;

    fn next(&mut self) -> Option<NewUser> {
        let maker = &MAKERS[self.random.random_range(0..MAKERS.len())];
        let name = (maker.name)(&mut self.random);
        let domain = ["com", "net", "org"][self.random.random_range(0..3)];
        let email = address(&name, maker.language, self.number, domain);
        self.number += 1;
        // A test reads all of the lists that they are made from.
        let name = Name::parse(&name).expect("a first and a last name are a name");
        let email = Email::parse(&email).expect("letters, dots and a number are an address");
        Some(NewUser { name, email })
    }
}

/// `ada.lovelace.17@example.org`, or the language where the name is not written in ASCII.
fn address(name: &str, language: &str, number: u64, domain: &str) -> String {
    let mut email = String::with_capacity(name.len() + 24);
    for character in name.chars() {
        match character.to_ascii_lowercase() {
            letter @ 'a'..='z' => email.push(letter),
            ' ' if !email.is_empty() && !email.ends_with('.') => email.push('.'),
            ' ' | '\'' | '-' | '.' => {}
            _ => {
                email.clear();
                email.push_str(language);
                break;
            }
        }
    }
    // Writing into a String does not fail.
    write!(email, ".{number}@example.{domain}").ok();
    email
}

struct Maker {
    language: &'static str,
    name: fn(&mut ChaCha8Rng) -> String,
}

macro_rules! makers {
    ($($language:literal $locale:path),* $(,)?) => {
        const MAKERS: &[Maker] = &[
            $(Maker { language: $language, name: |random| FakeName($locale).fake_with_rng(random) }),*
        ];

        /// What the makers make names of: a form, first names, last names.
        #[cfg(test)]
        const LISTS: &[(&str, &str, &[&str], &[&str])] = &[
            $((
                $language,
                <$locale as Data>::NAME_TPL,
                <$locale as Data>::NAME_FIRST_NAME,
                <$locale as Data>::NAME_LAST_NAME,
            )),*
        ];
    };
}

makers![
    "ar" fakes::AR_SA,
    "cy" fakes::CY_GB,
    "de" fakes::DE_DE,
    "el" locales::Greek,
    "en" fakes::EN,
    "fa" fakes::FA_IR,
    "fr" fakes::FR_FR,
    "he" locales::Hebrew,
    "hi" locales::Hindi,
    "hy" locales::Armenian,
    "it" fakes::IT_IT,
    "ja" fakes::JA_JP,
    "ka" locales::Georgian,
    "ko" locales::Korean,
    "nl" fakes::NL_NL,
    "pt" fakes::PT_BR,
    "ta" locales::Tamil,
    "th" locales::Thai,
    "tr" fakes::TR_TR,
    "uk" locales::Ukrainian,
    "zh" fakes::ZH_CN,
    "zh" fakes::ZH_TW,
];

#[cfg(test)]
use fake::locales::Data;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_people_come_every_time() {
        let people: Vec<_> = Samples::starting_at(2).take(999).collect();
        assert!(people.iter().cloned().eq(Samples::starting_at(2).take(999)));
        assert_eq!(people[0].name.as_str(), "Shanna Lebsack");
    }

    /// All of them with all others would be too many: each comes with the longest of the others,
    /// and with the highest number.
    #[test]
    fn all_that_the_lists_hold_makes_names_and_addresses() {
        for (language, form, first_names, last_names) in LISTS {
            let longest = |names: &[&'static str]| {
                let name = names.iter().max_by_key(|name| name.len());
                *name.expect("names")
            };
            let (first, last) = (longest(first_names), longest(last_names));
            let firsts = first_names.iter().map(|first| [*first, last]);
            let lasts = last_names.iter().map(|last| [first, *last]);
            for [first, last] in firsts.chain(lasts) {
                let name = form
                    .replace("{FirstName}", first)
                    .replace("{LastName}", last);
                let email = address(&name, language, u64::MAX, "com");
                assert!(!name.contains('{'), "{language}: {form}");
                assert!(Name::parse(&name).is_ok(), "{language}: {name:?}");
                assert!(Email::parse(&email).is_ok(), "{language}: {email}");
            }
        }
    }

    #[test]
    fn every_address_is_another_and_every_language_is_there() {
        let people: Vec<_> = Samples::starting_at(2).take(50_000).collect();
        let keys: HashSet<_> = people.iter().map(|person| person.email.key()).collect();
        assert_eq!(keys.len(), people.len());
        for (script, letters) in [
            ("Greek", 'Α'..='ώ'),
            ("Cyrillic", 'А'..='ї'),
            ("Armenian", 'Ա'..='ֆ'),
            ("Hebrew", 'א'..='ת'),
            ("Arabic", 'ء'..='ي'),
            ("Devanagari", 'अ'..='ह'),
            ("Tamil", 'அ'..='ஹ'),
            ("Thai", 'ก'..='ฮ'),
            ("Georgian", 'ა'..='ჰ'),
            ("Hangul", '가'..='힣'),
            ("Han", '一'..='鿿'),
        ] {
            let first = people.iter().take(999);
            let written =
                first.filter(|person| person.name.as_str().contains(|c| letters.contains(&c)));
            assert!(written.count() >= 10, "{script}");
        }
    }
}
