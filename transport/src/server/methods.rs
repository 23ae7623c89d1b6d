//! What the `.proto` says of a method, for what tonic's server does not look at.

use std::{collections::HashSet, fmt, sync::Arc};

use prost::Message as _;
use prost_types::{FileDescriptorProto, FileDescriptorSet};

/// The methods whose request is one message, by their paths. Cloning is shallow.
///
/// tonic's server takes the first message and passes over what follows; the specification wants
/// `UNIMPLEMENTED` (`statuscodes.md`, «cardinality violation»).
#[derive(Debug, Clone, Default)]
pub struct Methods(Arc<HashSet<String>>);

/// Bytes that are no set of descriptors.
#[derive(Debug)]
pub struct InvalidDescriptors(prost::DecodeError);

impl fmt::Display for InvalidDescriptors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a google.protobuf.FileDescriptorSet: {}", self.0)
    }
}

impl std::error::Error for InvalidDescriptors {}

impl Methods {
    /// Those of all services in these encoded `google.protobuf.FileDescriptorSet`s, which tonic's
    /// builders write (`file_descriptor_set_path`).
    ///
    /// # Errors
    ///
    /// Where one is no such thing.
    pub fn of<'a>(
        descriptor_sets: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, InvalidDescriptors> {
        let mut paths = HashSet::new();
        for set in descriptor_sets {
            let set = FileDescriptorSet::decode(set).map_err(InvalidDescriptors)?;
            paths.extend(set.file.iter().flat_map(take_one));
        }
        Ok(Self(Arc::new(paths)))
    }

    pub(super) fn takes_one(&self, path: &str) -> bool {
        self.0.contains(path)
    }
}

fn take_one(file: &FileDescriptorProto) -> impl Iterator<Item = String> {
    let package = match file.package() {
        "" => String::new(),
        package => format!("{package}."),
    };
    file.service.iter().flat_map(move |service| {
        let name = format!("{package}{}", service.name());
        let one = service.method.iter().filter(|it| !it.client_streaming());
        one.map(move |method| format!("/{name}/{}", method.name()))
    })
}

#[cfg(test)]
mod tests {
    use prost_types::{MethodDescriptorProto, ServiceDescriptorProto};

    use super::*;

    fn file(package: &str) -> FileDescriptorProto {
        let method = |name: &str, client_streaming| MethodDescriptorProto {
            name: Some(name.to_owned()),
            client_streaming: Some(client_streaming),
            ..MethodDescriptorProto::default()
        };
        FileDescriptorProto {
            package: Some(package.to_owned()),
            service: vec![ServiceDescriptorProto {
                name: Some("Greeter".to_owned()),
                method: vec![method("SayHello", false), method("BidiHello", true)],
                ..ServiceDescriptorProto::default()
            }],
            ..FileDescriptorProto::default()
        }
    }

    #[test]
    fn methods_are_known_with_and_without_a_package() {
        let file = vec![file("greeter"), file("")];
        let set = FileDescriptorSet { file }.encode_to_vec();
        let methods = Methods::of([&set[..]]).expect("descriptors");
        assert!(methods.takes_one("/greeter.Greeter/SayHello"));
        assert!(methods.takes_one("/Greeter/SayHello"));
        assert!(!methods.takes_one("/greeter.Greeter/BidiHello"));
        assert!(!methods.takes_one("/greeter.Greeter/Nothing"));
    }

    #[test]
    fn what_is_no_set_of_descriptors_is_said() {
        assert!(Methods::of([&b"\xff"[..]]).is_err());
    }
}
