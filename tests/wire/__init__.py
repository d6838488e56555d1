"""A loopback Discord: the real discord.py logs in to it and cannot tell it apart.

    async with Discord() as discord:
        guild = discord.world.guild("Lighthouse")
        alice = discord.world.member("alice", guild)
        client = MyClient(intents=..., connector=discord.connector())

Gateway, REST and media hosts are served over TLS on loopback under Discord's own names: only
name look-up and the trusted authority differ, so addresses, and rules about them, stay in force.
"""
