//! Generated sample users, in many languages. `fake` provides most of the names; no crate generates
//! users that are the same everywhere and have unique emails.

mod locales;

use std::fmt::Write;

use fake::{Fake, faker::name::raw::Name as FakeName, locales as fakes};
use frontdesk_directory::{Email, Name, NewUser};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

/// An endless sequence of sample users, which is the same for the same start.
#[derive(Debug)]
pub struct Samples {
    number: u64,
    random: ChaCha8Rng,
}

impl Samples {
    /// Sample users whose emails are numbered from `number` on: unique, also among those of an earlier
    /// run with lower numbers.
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
        let locale = &LOCALES[self.random.random_range(0..LOCALES.len())];
        let name = (locale.name)(&mut self.random);
        let domain = ["com", "net", "org"][self.random.random_range(0..3)];
        let email = email(&name, locale.language, self.number, domain);
        self.number += 1;
        // A test covers every list that they are generated from.
        let name = Name::parse(&name).expect("a generated name is valid");
        let email = Email::parse(&email).expect("a generated email is valid");
        Some(NewUser { name, email })
    }
}

/// `ada.lovelace.17@example.org`; the language instead of a name that is not ASCII.
fn email(name: &str, language: &str, number: u64, domain: &str) -> String {
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
    // Writing to a String does not fail.
    write!(email, ".{number}@example.{domain}").ok();
    email
}

struct Locale {
    language: &'static str,
    name: fn(&mut ChaCha8Rng) -> String,
}

macro_rules! locales {
    ($($language:literal $locale:path),* $(,)?) => {
        const LOCALES: &[Locale] = &[
            $(Locale { language: $language, name: |random| FakeName($locale).fake_with_rng(random) }),*
        ];

        /// What names are generated from: language, template, first names, last names.
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

locales![
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
    fn a_number_always_gives_the_same_users() {
        let users: Vec<_> = Samples::starting_at(2).take(999).collect();
        assert!(users.iter().cloned().eq(Samples::starting_at(2).take(999)));
        assert_eq!(users[0].name.as_str(), "Shanna Lebsack");
    }

    /// All combinations would be too many: each name is combined with the longest other one, and with
    /// the largest number.
    #[test]
    fn every_listed_name_gives_a_valid_user() {
        for (language, template, first_names, last_names) in LISTS {
            let longest = |names: &[&'static str]| {
                let name = names.iter().max_by_key(|name| name.len());
                *name.expect("names")
            };
            let (first, last) = (longest(first_names), longest(last_names));
            let firsts = first_names.iter().map(|first| [*first, last]);
            let lasts = last_names.iter().map(|last| [first, *last]);
            for [first, last] in firsts.chain(lasts) {
                let name = template
                    .replace("{FirstName}", first)
                    .replace("{LastName}", last);
                let email = email(&name, language, u64::MAX, "com");
                assert!(!name.contains('{'), "{language}: {template}");
                assert!(Name::parse(&name).is_ok(), "{language}: {name:?}");
                assert!(Email::parse(&email).is_ok(), "{language}: {email}");
            }
        }
    }

    #[test]
    fn emails_are_unique_and_every_language_occurs() {
        let users: Vec<_> = Samples::starting_at(2).take(50_000).collect();
        let keys: HashSet<_> = users.iter().map(|user| user.email.key()).collect();
        assert_eq!(keys.len(), users.len());
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
            let first = users.iter().take(999);
            let written =
                first.filter(|user| user.name.as_str().contains(|c| letters.contains(&c)));
            assert!(written.count() >= 10, "{script}");
        }
    }
}
