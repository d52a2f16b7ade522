package io.eventsourcing.spring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/** Matches unless the property of this name is false, in any of the words for it that properties take. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(UnlessSwitchedOffCondition.class)
@interface ConditionalUnlessSwitchedOff {

    String value();
}
