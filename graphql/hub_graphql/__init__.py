"""The API. graphene describes it; `maps` ties its types to the model."""
