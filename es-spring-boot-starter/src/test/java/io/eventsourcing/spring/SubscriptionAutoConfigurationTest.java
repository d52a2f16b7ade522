package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.EventHandlerConfigurationException;
import io.eventsourcing.core.subscription.EventPublisherPort;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopClosed;
import io.eventsourcing.spring.shop.ShopEvent;
import io.eventsourcing.spring.shop.ShopEvent.ArticleSold;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

class SubscriptionAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EventSerializationAutoConfiguration.class,
                    EventStoreAutoConfiguration.class,
                    SubscriptionAutoConfiguration.class))
            .withUserConfiguration(Shop.class)
            .withPropertyValues("eventsourcing.store=memory");

    @Test
    void callsTheMethodOfASubscriberThatFitsBest() {
        runner.withUserConfiguration(Greeter.class).run(context -> {
            append(context, new ShopOpened("Fish & Sons"));
            append(context, new ArticleSold("eel", BigDecimal.TEN, Instant.EPOCH));
            append(context, new ShopClosed("rain"));
            append(context, new ShopOpened("Meat & Sons"));
            List<String> calls = context.getBean(Greeter.class).calls;
            await().until(() -> calls.size() == 3);
            assertThat(calls).containsExactly("opened Fish & Sons 1", "other ArticleSold", "opened Meat & Sons 4");
        });
    }

    @Test
    void givesEveryEventToAPublisherAndToABeanOfTypeSubscription() {
        runner.withUserConfiguration(Publishing.class).run(context -> {
            append(context, new ShopOpened("Fish & Sons"));
            Publishing publishing = context.getBean(Publishing.class);
            await().until(() -> publishing.published.size() == 1 && publishing.followed.size() == 1);
            assertThat(context.getBean(Subscriptions.class).status())
                    .extracting(status -> status.name())
                    .containsExactly("broker", "followed");
        });
    }

    @Test
    void readsNothingWithoutASubscription() {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBeanFactory().containsSingleton("logTail")).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "off", "no", "0", "OFF"})
    void runsNoSubscriptionWhereTheyAreSwitchedOff(String off) {
        runner.withUserConfiguration(Greeter.class)
                .withPropertyValues("eventsourcing.subscriptions.enabled=" + off)
                .run(context -> assertThat(context.getBeanFactory().containsSingleton("logTail"))
                        .isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "on", "yes", "1"})
    void runsSubscriptionsWhereTheyAreSwitchedOn(String on) {
        runner.withUserConfiguration(Greeter.class)
                .withPropertyValues("eventsourcing.subscriptions.enabled=" + on)
                .run(context -> assertThat(context.getBeanFactory().containsSingleton("logTail"))
                        .isTrue());
    }

    @Test
    void aSwitchThatIsNeitherOnNorOffFailsTheStart() {
        runner.withPropertyValues("eventsourcing.subscriptions.enabled=perhaps")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("perhaps"));
    }

    @Test
    void refusesTwoSubscriptionsOfOneName() {
        runner.withUserConfiguration(Greeter.class, Twin.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(EventHandlerConfigurationException.class)
                        .hasMessageContaining("'greeter'")
                        .hasMessageContaining("Twin"));
    }

    @Test
    void refusesASubscriberThatHandlesNothing() {
        runner.withUserConfiguration(Idle.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(EventHandlerConfigurationException.class)
                        .hasMessageContaining("has no method with @EventHandler"));
    }

    @Test
    void refusesAHandlerOfSomethingThatIsNoEvent() {
        runner.withUserConfiguration(Confused.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(EventHandlerConfigurationException.class)
                        .hasMessageContaining("handles no event that is registered")
                        .hasMessageContaining(ShopOpened.class.getName()));
    }

    @Test
    void refusesAHandlerWithOtherParameters() {
        runner.withUserConfiguration(Greedy.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(EventHandlerConfigurationException.class)
                        .hasMessageContaining("cannot be called with an event"));
    }

    @Test
    void goesOnWhenTheContextIsStartedAgain() {
        runner.withUserConfiguration(Greeter.class).run(context -> {
            Subscriptions subscriptions = context.getBean(Subscriptions.class);
            List<String> calls = context.getBean(Greeter.class).calls;
            append(context, new ShopOpened("Fish & Sons"));
            await().until(() -> calls.size() == 1);
            context.getSourceApplicationContext().stop();
            assertThat(subscriptions.status()).isEmpty();
            append(context, new ShopOpened("Meat & Sons"));
            context.getSourceApplicationContext().start();
            await().until(() -> calls.size() == 2);
            context.getSourceApplicationContext().pause();
            assertThat(subscriptions.status()).isEmpty();
            append(context, new ShopOpened("Bread & Sons"));
            context.getSourceApplicationContext().restart();

            await().until(() -> calls.size() == 3);
            assertThat(calls).containsExactly("opened Fish & Sons 1", "opened Meat & Sons 2", "opened Bread & Sons 3");
        });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void warnsOfAHandlerThatIsNoSubscriber(CapturedOutput output) {
        runner.withUserConfiguration(Greeter.class, Publishing.class, Forgotten.class)
                .run(context -> assertThat(context.getBeanFactory().containsSingleton("forgotten"))
                        .as("a lazy bean is left alone")
                        .isFalse());
        assertThat(output)
                .containsOnlyOnce("but its class has no @EventSubscriber or @Projection")
                .contains("WARN", """
                        The bean 'forgotten' has the method %s.handle with @EventHandler, but its class has no \
                        @EventSubscriber or @Projection, so that no event comes to it. Add one of them to the class;""".formatted(Handling.class.getName()));
    }

    @Test
    void closesWhatItOpened() {
        LogTail[] tail = new LogTail[1];
        runner.withUserConfiguration(Greeter.class).run(context -> tail[0] = context.getBean(LogTail.class));
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("eventsourcing-")));
    }

    private static void append(ApplicationContext context, Object event) {
        context.getBean(EventStorePort.class)
                .append(AppendRequest.of(StreamId.of("shop", "s-1"), ExpectedVersion.any(), event));
    }

    @EventSubscriber(name = "greeter")
    static class Greeter {

        final List<String> calls = new CopyOnWriteArrayList<>();

        @EventHandler
        void opened(ShopOpened event, EventMetadata metadata, RecordedEvent recorded) {
            assertThat(metadata).isEqualTo(recorded.metadata());
            calls.add("opened " + event.shopName() + " " + recorded.version());
        }

        @EventHandler
        void other(ShopEvent event) {
            calls.add("other " + event.getClass().getSimpleName());
        }
    }

    @EventSubscriber(name = "greeter")
    static class Twin {

        @EventHandler
        void any(RecordedEvent event) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Forgotten {

        @Bean
        @Lazy
        HandlingMore forgotten() {
            return new HandlingMore();
        }
    }

    static class Handling {

        @EventHandler
        void handle(ShopOpened event) {}
    }

    static class HandlingMore extends Handling {}

    @EventSubscriber(name = "idle")
    static class Idle {}

    @EventSubscriber(name = "confused")
    static class Confused {

        @EventHandler
        void text(String text) {}
    }

    @EventSubscriber(name = "greedy")
    static class Greedy {

        @EventHandler
        void two(ShopOpened event, String more) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Publishing {

        final List<RecordedEvent> published = new CopyOnWriteArrayList<>();
        final List<RecordedEvent> followed = new CopyOnWriteArrayList<>();

        @Bean
        EventPublisherPort broker() {
            return published::addAll;
        }

        @Bean
        Subscription follower() {
            return Subscription.named("followed")
                    .startingAt(StartPosition.beginning())
                    .handledBy(followed::addAll);
        }
    }
}
