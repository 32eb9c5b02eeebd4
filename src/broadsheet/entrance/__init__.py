"""What every door over HTTP needs: whose house it is, who visits, where things stand, what their copy is worth."""
