//! What the `.proto` files have in them, found by name.

use std::collections::HashMap;

use bytes::Bytes;
use prost::{DecodeError, Message as _};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet,
};

/// Services, files, and whatever has a name in these.
#[derive(Debug, Default)]
pub(super) struct Described {
    /// With their packages.
    pub(super) services: Vec<String>,
    files: HashMap<String, Bytes>,
    /// Each with the file that it is in.
    symbols: HashMap<String, Bytes>,
}

impl Described {
    /// Those of these sets; a file that is in several is taken once.
    pub(super) fn of(sets: &[&[u8]]) -> Result<Self, DecodeError> {
        let mut described = Self::default();
        for set in sets {
            for file in FileDescriptorSet::decode(*set)?.file {
                if !described.files.contains_key(file.name()) {
                    described.add(&file);
                }
            }
        }
        Ok(described)
    }

    /// The file that is called so.
    pub(super) fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.get(name)
    }

    /// The file that what is called so is in.
    pub(super) fn symbol(&self, name: &str) -> Option<&Bytes> {
        self.symbols.get(name)
    }

    fn add(&mut self, file: &FileDescriptorProto) {
        let bytes = Bytes::from(file.encode_to_vec());
        self.files.insert(file.name().to_owned(), bytes.clone());
        let package = file.package();
        for service in &file.service {
            let name = within(package, service.name());
            for method in &service.method {
                self.name(&name, method.name(), &bytes);
            }
            self.symbols.insert(name.clone(), bytes.clone());
            self.services.push(name);
        }
        self.types(package, &file.message_type, &file.enum_type, &bytes);
        self.fields(package, &file.extension, &bytes);
    }

    fn types(
        &mut self,
        scope: &str,
        messages: &[DescriptorProto],
        enums: &[EnumDescriptorProto],
        file: &Bytes,
    ) {
        for message in messages {
            let name = within(scope, message.name());
            self.types(&name, &message.nested_type, &message.enum_type, file);
            self.fields(&name, &message.field, file);
            self.fields(&name, &message.extension, file);
            for oneof in &message.oneof_decl {
                self.name(&name, oneof.name(), file);
            }
            self.symbols.insert(name, file.clone());
        }
        for one in enums {
            self.name(scope, one.name(), file);
            // They stand beside their enum, not in it, as in C++.
            for value in &one.value {
                self.name(scope, value.name(), file);
            }
        }
    }

    fn fields(&mut self, scope: &str, fields: &[FieldDescriptorProto], file: &Bytes) {
        for field in fields {
            self.name(scope, field.name(), file);
        }
    }

    fn name(&mut self, scope: &str, name: &str, file: &Bytes) {
        self.symbols.insert(within(scope, name), file.clone());
    }
}

fn within(scope: &str, name: &str) -> String {
    if scope.is_empty() {
        name.to_owned()
    } else {
        format!("{scope}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_has_a_name_is_found_by_it() {
        let sets = [
            frontdesk::FILE_DESCRIPTOR_SET,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
        ];
        let described = Described::of(&sets).expect("sets");
        for name in [
            "user.UserService",
            "user.UserService.GetUser",
            "UserService",
            "greeter.HelloRequest",
            "greeter.HelloRequest.name",
            "grpc.health.v1.HealthCheckResponse.ServingStatus",
            "grpc.health.v1.HealthCheckResponse.NOT_SERVING",
        ] {
            assert!(described.symbol(name).is_some(), "{name}");
        }
        assert!(described.symbol("greeter").is_none());
    }
}
