package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandCheck;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult.Rejection;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rejects commands that violate the constraints on their classes, and names each violation. */
record BeanValidationCheck(Validator validator) implements CommandCheck {

    @Override
    public Optional<Rejection> check(CommandRequest request) {
        Map<String, String> messages = validator.validate(request.command()).stream()
                .sorted((one, other) -> one.getMessage().compareTo(other.getMessage()))
                .collect(Collectors.toMap(
                        violation -> violation.getPropertyPath().toString(),
                        ConstraintViolation::getMessage,
                        (one, other) -> one + " and " + other,
                        TreeMap::new));
        return messages.isEmpty() ? Optional.empty() : Optional.of(rejection(messages));
    }

    private static Rejection rejection(Map<String, String> messages) {
        String all = messages.entrySet().stream()
                .map(each -> (each.getKey() + " " + each.getValue()).strip())
                .collect(Collectors.joining("; ", "The command is not valid: ", "."));
        return new Rejection(Rejection.INVALID, all, messages, false);
    }
}
