package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.EventPublisherPort;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.spring.shop.ShopApplication;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the user reads when a subscription keeps the application from starting: the text that Spring Boot prints. */
@ExtendWith(OutputCaptureExtension.class)
class SubscriptionStartFailureTest {

    private static final String PREFIX = SubscriptionStartFailureTest.class.getName() + "$";

    @Test
    void aSubscriberHasAnImpossibleName(CapturedOutput output) {
        failsToStart(Nameless.class);
        assertThat(output).contains("""
                        Description:

                        The bean 'subscriptionStartFailureTest.Nameless' has a name that no subscription can have. The name of a \
                        subscription is blank. Give a text of 1 to 100 characters. The application was not started.

                        Action:

                        Correct the name in @EventSubscriber.
                        """);
    }

    @Test
    void aPublisherHasAnImpossibleName(CapturedOutput output) {
        failsToStart(LongPublisher.class);
        assertThat(output)
                .contains(
                        "has a name that no subscription can have. The name of a subscription has 101 characters, at most 100 are"
                                + " accepted. It starts with 'xxxxxxxxxxxxxxxxxxxx'. The application was not started.")
                .contains("""
                        Action:

                        Give the bean another name.
                        """);
    }

    @Test
    void twoSubscribersHaveOneName(CapturedOutput output) {
        failsToStart(Twins.class);
        assertThat(output).contains("""
                        Description:

                        The beans 'first' and 'second' are both subscriptions of the name 'twin', so that each would miss what the \
                        other one handles. The application was not started.

                        Action:

                        Give one of them another name.
                        """);
    }

    @Test
    void aPublisherIsASubscriberAsWell(CapturedOutput output) {
        failsToStart(Both.class);
        assertThat(output).contains("""
                        Description:

                        The bean 'both' has @EventSubscriber, but is a subscription or an EventPublisherPort already, so that it \
                        would get events in two ways. The application was not started.

                        Action:

                        Remove the annotation, or make two beans of it.
                        """);
    }

    @Test
    void aSubscriberHasNoHandlerMethod(CapturedOutput output) {
        failsToStart(Idle.class);
        assertThat(output).contains("""
                        Description:

                        %sIdle has no method with @EventHandler, so it would handle nothing. It was not started.

                        Action:

                        Annotate its methods, or remove its annotation.
                        """.formatted(PREFIX));
    }

    @Test
    void aHandlerMethodHasOtherParameters(CapturedOutput output) {
        failsToStart(Greedy.class);
        assertThat(output).contains("""
                        Description:

                        The method %sGreedy.two[ShopOpened, String] cannot be called with an event. It was not started.

                        Action:

                        Make it an instance method without a result, whose first parameter is an event or RecordedEvent, and the \
                        others EventMetadata, RecordedEvent or GlobalPosition.
                        """.formatted(PREFIX));
    }

    @Test
    void aHandlerMethodTakesNoEventThatThereIs(CapturedOutput output) {
        failsToStart(Confused.class);
        assertThat(output).contains("""
                        Description:

                        The method %sConfused.text[String] handles no event that is registered, so it would never be called. It was \
                        not started. Registered are: io.eventsourcing.spring.shop.ShopClosed, \
                        io.eventsourcing.spring.shop.ShopEvent$ArticleSold, io.eventsourcing.spring.shop.ShopEvent$ShopOpened.

                        Action:

                        Take an event's class, an interface of events, or RecordedEvent as its first parameter.
                        """.formatted(PREFIX));
    }

    @Test
    void twoHandlerMethodsFitAnEventEquallyWell(CapturedOutput output) {
        failsToStart(Undecided.class);
        assertThat(output)
                .contains(
                        "both fit the event io.eventsourcing.spring.shop.ShopEvent$ShopOpened, and neither is more specific. They"
                                + " were not started.")
                .contains("""
                        Action:

                        Take the event's own class in one of them.
                        """);
    }

    @Test
    void aHandlerMethodCannotBeCalledOnTheProxy(CapturedOutput output) {
        failsToStart(Proxied.class);
        assertThat(output)
                .contains("The method " + PREFIX + "Behind.any[RecordedEvent] cannot be called on ")
                .contains("""
                        It was not started.

                        Action:

                        If that is a proxy, the method must not be private; if it is one by interfaces, declare it in one of them; \
                        if its module is not open, open it to io.eventsourcing.
                        """);
    }

    @Test
    void aSubscriptionIsDividedDifferentlyThanBefore(CapturedOutput output) {
        failsToStart(Divided.class);
        assertThat(output).contains("""
                        Description:

                        Subscription 'divided' has 8 segments by 'stream, crc32c' here, but 4 segments by 'tag:shop' in the store. It \
                        was not started, because events would be handled twice or never.

                        Action:

                        Give it back what it had, or another name, under which it is a new one and starts anew.
                        """);
    }

    @Test
    void aSubscriptionStartsAheadOfTheLog(CapturedOutput output) {
        failsToStart(Ahead.class);
        assertThat(output).contains("""
                        Description:

                        Subscription 'ahead' is new in this store and is to start where its log has not come to, so that it would \
                        miss all events up to there. It was not started.

                        Reason: The log was asked for what comes after position 1000, but its last position is 0. Nothing was \
                        read. The position is of another store, or this one was restored to an earlier time: find the last event \
                        that was handled by its id, and continue after it.

                        Action:

                        Start it after a position of this log, or at a time.
                        """);
    }

    @Test
    void aBeanMethodMakesASubscriptionThatThereCannotBe(CapturedOutput output) {
        failsToStart(Countless.class);
        assertThat(output).contains("""
                        Description:

                        The bean method %1$sCountless.countless makes a subscription that there cannot be. The number of segments \
                        of subscription 'countless' is 0. It was not made. Give 1 to 1024.

                        Action:

                        Correct what %1$sCountless.countless gives to the subscription.
                        """.formatted(PREFIX));
    }

    @Test
    void anErrorOfABeanMethodsOwnKeepsItsStackTrace(CapturedOutput output) {
        failsToStart(Broken.class);
        assertThat(output)
                .doesNotContain("makes a subscription that there cannot be")
                .contains("\tat " + PREFIX + "Broken.broken(");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            subscriptions.lease=299ms        | The lease of subscriptions must be from 300 ms to 10 minutes, but is 299 ms.
            subscriptions.lease=11m          | The lease of subscriptions must be from 300 ms to 10 minutes, but is 660000 ms.
            subscriptions.close-within=-1s   | closeWithin of subscriptions cannot be negative, but is -1000 ms.
            subscriptions.pool-size=1        | eventsourcing.subscriptions.pool-size cannot be less than 2, but is 1.
            log.idle-poll=49ms               | eventsourcing.log.idle-poll cannot be less than 50ms, but is 49ms.
            log.listen-url=postgres://u:pw@h | eventsourcing.log.listen-url must be a JDBC URL, such as jdbc:postgresql://host:5432/database, but does not start
            """)
    void aPropertyIsOutOfRange(String property, String reason, CapturedOutput output) {
        failsToStart(ShopApplication.class, "--eventsourcing." + property);
        assertThat(output)
                .contains("Failed to bind properties under 'eventsourcing." + property.split("\\.", 2)[0])
                .contains("Reason: java.lang.IllegalArgumentException: " + reason)
                .contains("Update your application's configuration")
                .doesNotContain("u:pw");
    }

    @ParameterizedTest
    @CsvSource({"lease, soon", "pool-size, many"})
    void aPropertyIsNoSuchValue(String property, String value, CapturedOutput output) {
        failsToStart(ShopApplication.class, "--eventsourcing.subscriptions." + property + "=" + value);
        assertThat(output)
                .contains("Failed to bind properties under 'eventsourcing.subscriptions." + property + "'")
                .contains("Value: \"" + value + "\"");
    }

    private static void failsToStart(Class<?> subscriptions, String... properties) {
        assertThatThrownBy(() -> new SpringApplicationBuilder(ShopApplication.class, subscriptions)
                        .web(WebApplicationType.NONE)
                        .properties(
                                "eventsourcing.store=memory",
                                "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
                        .run(properties))
                .isNotNull();
    }

    @EventSubscriber(name = " ")
    static class Nameless {

        @EventHandler
        void any(RecordedEvent event) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class LongPublisher {

        private static final String TOO_LONG = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

        @Bean(TOO_LONG)
        EventPublisherPort publisher() {
            return events -> {};
        }
    }

    @EventSubscriber(name = "twin")
    static class Twin {

        @EventHandler
        void any(RecordedEvent event) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Twins {

        @Bean
        Twin first() {
            return new Twin();
        }

        @Bean
        Twin second() {
            return new Twin();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Both {

        @Bean
        PublishingSubscriber both() {
            return new PublishingSubscriber();
        }
    }

    @EventSubscriber(name = "both")
    static class PublishingSubscriber implements EventPublisherPort {

        @EventHandler
        void any(RecordedEvent event) {}

        @Override
        public void publish(List<RecordedEvent> events) {}
    }

    @EventSubscriber(name = "idle")
    static class Idle {}

    @EventSubscriber(name = "greedy")
    static class Greedy {

        @EventHandler
        void two(ShopOpened event, String more) {}
    }

    @EventSubscriber(name = "confused")
    static class Confused {

        @EventHandler
        void text(String text) {}
    }

    @EventSubscriber(name = "undecided")
    static class Undecided {

        @EventHandler
        void one(ShopOpened event) {}

        @EventHandler
        void other(ShopOpened event, RecordedEvent recorded) {}
    }

    @Import(Behind.class)
    static class Proxied {

        @Bean
        static BeanPostProcessor proxies() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Behind ? new ProxyFactory(bean).getProxy() : bean;
                }
            };
        }
    }

    @EventSubscriber(name = "behind")
    static class Behind implements Runnable {

        @EventHandler
        void any(RecordedEvent event) {}

        @Override
        public void run() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Divided {

        @Bean
        Subscription divided(CheckpointPort checkpoints) {
            checkpoints.register("divided", new Sequencing(4, "tag:shop"), () -> GlobalPosition.START);
            return Subscription.named("divided").segments(8).handledBy(events -> {});
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Ahead {

        @Bean
        Subscription ahead() {
            return Subscription.named("ahead")
                    .startingAt(StartPosition.after(new GlobalPosition(1_000)))
                    .handledBy(events -> {});
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Countless {

        @Bean
        Subscription countless() {
            return Subscription.named("countless").segments(0).handledBy(events -> {});
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Broken {

        @Bean
        Subscription broken() {
            throw new IllegalArgumentException("of the application");
        }
    }
}
