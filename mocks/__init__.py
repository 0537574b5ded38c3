"""Stand-in authorities: real wire formats over real HTTP, and nothing imported from the hub."""
