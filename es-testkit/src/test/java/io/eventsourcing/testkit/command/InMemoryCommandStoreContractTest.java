package io.eventsourcing.testkit.command;

class InMemoryCommandStoreContractTest extends CommandStoreContract {

    @Override
    protected CommandsUnderTest open() {
        return InMemoryCommands.open();
    }
}
