package io.eventsourcing.testkit.command;

class InMemoryCommandBusContractTest extends CommandBusContract {

    @Override
    protected CommandsUnderTest open() {
        return InMemoryCommands.open();
    }
}
