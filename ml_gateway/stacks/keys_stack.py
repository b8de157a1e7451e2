"""The stack that outlives the others: the secrets of the lock, and the keys that clients hold."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from ml_gateway import naming
from ml_gateway.constructs import ClientSecrets, OriginSecrets
from ml_gateway.design import GatewayDesign
from ml_gateway.stacks.encryption import encryption_key


class KeysStack(Stack):
    """The origin secrets and the clients' keys of one gateway, in `EDGE_REGION` with a replica beside each API.

    Deployed before whatever reads them, by their names alone. So an API can be destroyed, moved, doubled or recreated,
    and all who call it keep their keys.
    """

    origin_secrets: OriginSecrets
    client_secrets: ClientSecrets

    def __init__(self, scope: Construct, construct_id: str, *, design: GatewayDesign, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, description=f"{design.name}: the keys of an ML gateway", **kwargs)
        replica_regions = [region for region in design.regions if region != naming.EDGE_REGION]
        own_key = encryption_key(self, design, naming.EDGE_REGION)
        replica_keys = {
            region: key for region in replica_regions if (key := encryption_key(self, design, region)) is not None
        }
        self.origin_secrets = OriginSecrets(
            self,
            "OriginSecrets",
            gateway_name=design.name,
            generation=design.generation,
            replica_regions=replica_regions,
            encryption_key=own_key,
            replica_keys=replica_keys,
        )
        self.client_secrets = ClientSecrets(
            self,
            "Clients",
            gateway_name=design.name,
            clients={name: client.keys for name, client in design.clients.items()},
            token_clients=[name for name, client in design.clients.items() if client.tokens],
            replica_regions=replica_regions,
            encryption_key=own_key,
            replica_keys=replica_keys,
        )
        if design.clients:
            CfnOutput(
                self,
                naming.KEY_COMMAND,
                value=self.client_secrets.key_command,
                description="Prints the key of that name of a client, for whoever may read its secret",
            )
